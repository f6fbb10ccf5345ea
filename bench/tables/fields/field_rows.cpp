#include "bench/tables/fields/field_rows.h"

#include "bench/tables/fields/quantity_quality.h"

namespace noether::bench {
namespace {

using Fields = std::span<const TrainedField>;

// A row with a neural quantity, and how this compares with the oracle.
FieldOutcome neural_outcome(const StateProblem& problem, const TrainedField& trained) {
  const auto& [g, phi, seconds] = *trained.neural;
  return {.made = trained, .measured = {.records = quality_records(problem, g, phi)}};
}

}  // namespace

std::vector<Record> quality_records(const StateProblem& problem, const learn::Quantity& g,
                                    const learn::Params& phi) {
  const learn::Tensor& x = problem.task.test_x;
  if (!problem.oracle) return {};  // nothing to compare with
  if (problem.several.names.empty())
    return records_of(compare_quantities(g, phi, problem.oracle, {}, x));
  const learn::Tensor& directions = problem.several.directions;
  return {{.metric = "angle", .value = angle_to_span(g, phi, problem.oracle, {}, x, directions)},
          {.metric = "angle_missed",
           .value = angle_to_span(problem.oracle, {}, g, phi, x, directions)}};
}

FieldRow vanilla_row() {
  return {{"vanilla", "an MLP for dx/dt"},
          [](const StateProblem& problem, Fields, const ReportStep& report) -> FieldOutcome {
            return {.made = train_vanilla(problem, problem.task.x, report)};
          }};
}

FieldRow noisy_row() {
  return {{"vanilla-noisy", "the same, of the noisy states as they were observed"},
          [](const StateProblem& problem, Fields, const ReportStep& report) -> FieldOutcome {
            if (problem.task.noise_std == 0) return {};
            return {.made = train_vanilla(problem, problem.raw_x, report)};
          }};
}

FieldRow control_row() {
  return {
      {"control",
       "vanilla and the extra training of the meta rows, without tailoring",
       {"vanilla"}},
      [](const StateProblem& problem, Fields vanilla, const ReportStep& report) -> FieldOutcome {
        const learn::Params start = start_of(problem, vanilla[0]);
        return {.made = fine_tune(problem, vanilla[0].field, start, report)};
      }};
}

FieldRow hnn_row() {
  return {{"hnn", "Hamiltonian neural network"},
          [](const StateProblem& problem, Fields, const ReportStep& report) -> FieldOutcome {
            return {.made = train_hnn(problem, report)};
          }};
}

FieldRow tailored_sgd_row() {
  return {
      {"tailored-sgd", "vanilla; at test time one SGD step on all weights, H known", {"vanilla"}},
      [](const StateProblem& problem, Fields vanilla, const ReportStep& report) -> FieldOutcome {
        const double rate = best_sgd_rate(problem, vanilla[0].params, report);
        return {.made = TrainedField{.field = tailored_by_sgd(problem, rate),
                                     .params = vanilla[0].params,
                                     .inner_rate = rate}};
      }};
}

FieldRow meta_sgd_row() {
  return {{"meta-sgd", "the same step inside training too", {"vanilla", "tailored-sgd"}},
          [](const StateProblem& problem, Fields given, const ReportStep& report) -> FieldOutcome {
            const learn::Params start = start_of(problem, given[0]);
            TrainedField trained = fine_tune(problem, given[1].field, start, report);
            trained.inner_rate = given[1].inner_rate;
            return {.made = trained};
          }};
}

FieldRow tailored_row() {
  return {{"tailored",
           "vanilla; at test time one Gauss-Newton step on the last layer, H known",
           {"vanilla"}},
          [](const StateProblem& problem, Fields vanilla, const ReportStep&) -> FieldOutcome {
            return {.made = TrainedField{.field = projected(problem, problem.oracle, {}),
                                         .params = vanilla[0].params}};
          }};
}

FieldRow meta_oracle_row() {
  return {
      {"meta-oracle", "the step of tailored inside the extra training too", {"vanilla"}},
      [](const StateProblem& problem, Fields vanilla, const ReportStep& report) -> FieldOutcome {
        const learn::Field conserving = projected(problem, problem.oracle, {});
        return {.made = fine_tune(problem, conserving, start_of(problem, vanilla[0]), report)};
      }};
}

FieldRow meta_first_order_row() {
  return {
      {"meta-first-order",
       "meta-oracle with a gradient that takes the step as a constant",
       {"vanilla"}},
      [](const StateProblem& problem, Fields vanilla, const ReportStep& report) -> FieldOutcome {
        const learn::Field conserving = first_order_projected(problem);
        return {.made = fine_tune(problem, conserving, start_of(problem, vanilla[0]), report)};
      }};
}

FieldRow meta_neural_frozen_row() {
  return {
      {"meta-neural-frozen",
       "meta-oracle with a neural g in place of H, learned from the train data beforehand",
       {"vanilla"}},
      [](const StateProblem& problem, Fields vanilla, const ReportStep& report) -> FieldOutcome {
        const NeuralQuantity g = pretrained_quantity(problem, report);
        return neural_outcome(problem,
                              meta_train_frozen(problem, start_of(problem, vanilla[0]), g, report));
      }};
}

FieldRow meta_neural_row() {
  return {{"meta-neural",
           "the same g, which goes on learning in the extra training",
           {"vanilla", "meta-neural-frozen"}},
          [](const StateProblem& problem, Fields given, const ReportStep& report) -> FieldOutcome {
            const learn::Params start = start_of(problem, given[0]);
            return neural_outcome(problem,
                                  meta_train_jointly(problem, start, *given[1].neural, report));
          }};
}

Axis noise_axis(std::vector<double> values) {
  return {.name = "noise",
          .description = "standard deviations of the noise on the observed states",
          .max = 1e3,
          .values = std::move(values),
          .is_swept = true};
}

Axis horizon_axis(std::vector<double> values) {
  return {.name = "horizon",
          .description = "how far is predicted",
          .unit = "s",
          .max = 1e6,
          .values = std::move(values),
          .curve_title = "time"};
}

std::vector<Metric> field_metrics() {
  return {
      {.name = "rmse", .title = "RMSE", .is_compared = true},
      {.name = "energy_drift",
       .title = "energy drift",
       .meaning = "the mean over trajectories of |E(prediction) \u2212 E(truth)|, divided by the "
                  "largest |E| among the starts."},
      {.name = "step_mse", .title = "one-step MSE"},
      {.name = "seconds", .title = "training", .unit = "s", .is_time = true}};
}

std::vector<Panel> field_panels() {
  return {{"rmse_at", "RMSE"}, {"energy_drift_at", "energy drift"}};
}

RunResult judge_field(const StateProblem& problem, const TrainedField& trained) {
  return field_records(trained, evaluate(trained, problem.task));
}

RunResult field_records(const TrainedField& trained, const Evaluation& judged) {
  RunResult result;
  for (std::size_t i = 0; i < judged.horizons.size(); ++i) {
    const Coordinates at{{"horizon", judged.horizons[i]}};
    result.records.push_back({.at = at, .metric = "rmse", .value = judged.rmse[i]});
    if (!judged.energy_drift.empty()) {
      result.records.push_back(
          {.at = at, .metric = "energy_drift", .value = judged.energy_drift[i]});
    }
  }
  if (judged.step_mse) result.records.push_back({.metric = "step_mse", .value = *judged.step_mse});
  if (trained.predicted.empty())
    result.records.push_back({.metric = "seconds", .value = trained.seconds});
  if (trained.inner_rate)
    result.records.push_back({.metric = "inner_rate", .value = *trained.inner_rate});
  // every third time is enough for a picture; at time 0 nothing is off yet
  for (std::size_t i = 1; i < judged.time.size(); i += 3) {
    const Coordinates at{{"horizon", judged.time[i]}};
    result.curves.push_back({.at = at, .metric = "rmse_at", .value = judged.rmse_curve[i]});
    if (judged.drift_curve.empty()) continue;
    result.curves.push_back(
        {.at = at, .metric = "energy_drift_at", .value = judged.drift_curve[i]});
  }
  return result;
}

}  // namespace noether::bench
