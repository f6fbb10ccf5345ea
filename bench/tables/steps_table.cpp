// The ablation of the inner step: rule, rate, number of steps and layers, at test time alone.

#include <fmt/format.h>

#include "base/text.h"
#include "bench/tables/fields/field_rows.h"

namespace noether::bench {
namespace {

FieldRow variant_row(const std::string& name, const learn::InnerStep& step) {
  const std::string layers = step.weights.empty() ? "all layers" : "the last layer";
  return {
      {name, fmt::format("K = {} on {}", step.steps, layers), {"vanilla"}},
      [step](const StateProblem& problem, std::span<const TrainedField> vanilla,
             const ReportStep&) -> FieldOutcome {
        return {.made = TrainedField{.field = tailored_field(problem.mlp, problem.oracle, {}, step),
                                     .params = vanilla[0].params}};
      }};
}

std::vector<FieldRow> make_rows() {
  const learn::Mlp mlp{{2, 200, 200, 2}};
  std::vector<FieldRow> all{vanilla_row()};
  const auto add = [&](const std::string& rule, learn::InnerStep step) {
    for (const bool last : {true, false}) {
      for (const int steps : {1, 2, 5}) {
        step.steps = steps;
        step.weights = last ? last_layer(mlp) : std::vector<std::string>{};
        all.push_back(
            variant_row(fmt::format("{}-{}-K{}", rule, last ? "last" : "all", steps), step));
      }
    }
  };
  for (const double rate : {1e-3, 1e-2, 1e-1, 1.0, 10.0}) {
    add("sgd-" + base::format_double(rate),
        {.rule = learn::StepRule::sgd, .rate = learn::Tensor::scalar(rate, learn::DType::f32)});
  }
  add("polyak", {.rule = learn::StepRule::polyak});
  add("gauss-newton", {.rule = learn::StepRule::gauss_newton});
  return all;
}

const std::vector<FieldRow>& rows() {
  static const std::vector<FieldRow> all = make_rows();
  return all;
}

}  // namespace

Experiment steps_table() {
  TableSpec spec{
      .name = "pendulum-steps",
      .title = "Pendulum: which inner step, tailoring the vanilla model at test time, true H",
      .axes = {noise_axis({0}), horizon_axis({3, 10})},
      .rows = specs_of(rows()),
      .metrics = field_metrics(),
      .panels = field_panels(),
      .settings = training_settings(),
      .method =
          {"The protocol of table `pendulum`; one set of vanilla weights a seed, tailored at "
           "every evaluation of the field on the squared rate of change of H along it. A row "
           "is named by its rule (with the rate of SGD), its layers and its number of steps K."},
      .seed_decides = "the data and the initial weights"};
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"vanilla"});
  return {.spec = spec, .run = [](const RunContext& run) {
            return run_rows(rows(), make_state_problem("pendulum", run), run, judge_field);
          }};
}

}  // namespace noether::bench
