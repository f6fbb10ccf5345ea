#include "bench/tables/fields/field_training.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "bench/model/evaluation.h"
#include "bench/model/tailoring.h"
#include "learn/autodiff/ops.h"
#include "learn/models/hnn.h"
#include "learn/models/vanilla.h"
#include "learn/noether/joint_weights.h"
#include "learn/train/minibatch.h"
#include "learn/train/segments.h"
#include "learn/train/trainer.h"

namespace noether::bench {

using learn::DType;
using learn::Field;
using learn::Params;
using learn::Tensor;

const char* const training_method =
    R"(Every model is a d-200-200-d tanh network without an output bias, where d is the number of
coordinates (`hnn`: one output, H), in float32, trained by 2,001 full-batch steps of Adam on mean (f(x) - dx/dt)^2, with a rate of 1e-3 and
a coupled weight decay of 1e-4, or what `--weight-decay` says. `control` and the `meta` rows then
train on from the vanilla weights, `hnn-control` from those of `hnn`: 200 steps with a fresh Adam,
whose rate falls linearly from 1e-3 to 0. With `--scratch` they start from the initial weights instead,
with 2,000 steps, in the last tenth of which the rate falls; `vanilla` and `hnn` stay as they are. With
`--quick` there are 400 steps and 60.)";

namespace {

constexpr double learning_rate = 1e-3;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// `start` and what is made have the weights of the coordinates of the data; `objective` is in
// standardised ones where the problem has units.
TrainedField trained(const StateProblem& problem, const Field& field, const Params& start,
                     const learn::Training& training, const learn::Objective& objective,
                     const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  const learn::Hook hook{10, [&](const learn::TrainingState& state) {
                           report(fmt::format("step {} of {}", state.step, training.steps));
                         }};
  const auto& units = problem.units;
  const Params first = units ? unfolded(start, *units) : start;
  const Params last =
      learn::train(training, learn::initial_training_state(first), objective, {hook}).params;
  return {.field = field,
          .params = units ? folded(last, *units) : last,
          .start = start,
          .seconds = seconds_since(begin)};
}

learn::Adam adam_of(const StateProblem& problem) {
  return {.learning_rate = learning_rate, .weight_decay = problem.weight_decay};
}

learn::Training fine_tuning(const StateProblem& problem) {
  if (problem.scratch) {
    return {.steps = problem.budget.steps - 1,
            .adam = adam_of(problem),
            .schedule = learn::Schedule::cooldown,
            .seed = problem.seed,
            .groups = {learn::phi_group()}};
  }
  return {.steps = problem.budget.fine_tune_steps,
          .adam = adam_of(problem),
          .schedule = learn::Schedule::linear,
          .seed = problem.seed,
          .groups = {learn::phi_group()}};
}

learn::Objective objective_of(const StateProblem& problem, const Field& field, const Tensor& x) {
  const auto& units = problem.units;
  const Tensor& rates = problem.task.dx_dt;
  return learn::field_objective(units ? standardised_field(field, *units) : field, x,
                                units ? standardised_rates(rates, *units) : rates,
                                {.batch = problem.budget.batch, .jobs = problem.jobs});
}

TrainedField train_from_scratch(const StateProblem& problem, const Field& field,
                                const learn::Mlp& mlp, const Tensor& x, const ReportStep& report) {
  const Params start = learn::initial_weights(mlp, problem.seed, DType::f32);
  return trained(problem, field, problem.units ? folded(start, *problem.units) : start,
                 {.steps = problem.budget.steps,
                  .adam = adam_of(problem),
                  .schedule = problem.budget.schedule,
                  .seed = problem.seed},
                 objective_of(problem, field, x), report);
}

// Of segments: Adam would remember the longer ones of the beginning for a thousand steps.
constexpr double longest_gradient = 0.01;

// Where states are noisy, the params correct the starts of segments too, which are longer then.
learn::Objective segments_of(const StateProblem& problem, const Field& field) {
  const auto& units = problem.units;
  return learn::segment_objective(units ? folded_field(field, *units) : field,
                                  {problem.raw_x, problem.task.times},
                                  {.points = problem.task.noise_std > 0 ? 10 : 5,
                                   .spread = units ? units->spread : std::vector<double>{},
                                   .jobs = problem.jobs});
}

bool runs_as_map(const StateProblem& problem) {
  return problem.task.stepper == learn::Stepper::euler;
}

// The step of `projected`, and the time step of the map that is to conserve, 0 where there is none.
learn::InnerStep projecting_step(const StateProblem& problem) {
  return {.rule = learn::StepRule::least_norm,
          .steps = runs_as_map(problem) ? 3 : 1,
          .weights = last_layer(problem.mlp)};
}
double map_dt(const StateProblem& problem) { return runs_as_map(problem) ? problem.task.dt : 0; }

}  // namespace

TrainedField train_vanilla(const StateProblem& problem, const Tensor& x, const ReportStep& report) {
  return train_from_scratch(problem, mlp_field(problem.mlp), problem.mlp, x, report);
}

TrainedField train_hnn(const StateProblem& problem, const ReportStep& report) {
  learn::Mlp mlp = problem.mlp;
  mlp.widths.back() = 1;
  return train_from_scratch(problem, hamiltonian_field(mlp), mlp, problem.task.x, report);
}

Params start_of(const StateProblem& problem, const TrainedField& plain) {
  return problem.scratch ? plain.start : plain.params;
}

TrainedField fine_tune(const StateProblem& problem, const Field& field, const Params& start,
                       const ReportStep& report) {
  return trained(problem, field, start, fine_tuning(problem),
                 objective_of(problem, field, problem.task.x), report);
}

TrainedField train_node(const StateProblem& problem, const ReportStep& report) {
  const Field field = mlp_field(problem.mlp);
  Params start = learn::initial_weights(problem.mlp, problem.seed, DType::f32);
  if (problem.task.noise_std > 0) start.add(learn::starts_weight, learn::zeros_like(problem.raw_x));
  return trained(problem, field, problem.units ? folded(start, *problem.units) : start,
                 {.steps = problem.budget.node_steps,
                  .adam = {.learning_rate = 3e-3},
                  .schedule = learn::Schedule::linear,
                  .clip_norm = longest_gradient,
                  .seed = problem.seed},
                 segments_of(problem, field), report);
}

TrainedField fine_tune_node(const StateProblem& problem, const Field& field,
                            const TrainedField& node, const ReportStep& report) {
  return trained(problem, field, node.params,
                 {.steps = problem.budget.node_fine_tune_steps,
                  .adam = {.learning_rate = 1e-3},
                  .schedule = learn::Schedule::linear,
                  .clip_norm = longest_gradient,
                  .seed = problem.seed},
                 segments_of(problem, field), report);
}

Field projected(const StateProblem& problem, const learn::Quantity& g, const Params& phi) {
  return tailored_field(problem.mlp, g, phi, projecting_step(problem), map_dt(problem));
}

Field first_order_projected(const StateProblem& problem) {
  return first_order_tailored_field(problem.mlp, problem.oracle, {}, projecting_step(problem),
                                    map_dt(problem));
}

Field tailored_by_sgd(const StateProblem& problem, double rate) {
  return tailored_field(problem.mlp, problem.oracle, {},
                        {.rule = learn::StepRule::sgd, .rate = Tensor::scalar(rate, DType::f32)});
}

Evaluation evaluate(const TrainedField& trained, const Task& task) {
  if (!trained.predicted.empty()) return evaluate_predictions(trained.predicted, task);
  return evaluate_field(trained.field, trained.params, task, trained.after_step);
}

double train_error(const StateProblem& problem, const Field& field, const Params& params) {
  double sum = 0;
  for (const Task& rehearsal : problem.rehearsals) {
    const double rmse = evaluate_field(field, params, rehearsal).rmse.back();
    sum += rmse * rmse;
  }
  return std::sqrt(sum / static_cast<double>(problem.rehearsals.size()));
}

double best_sgd_rate(const StateProblem& problem, const Params& params, const ReportStep& report) {
  report("choosing the rate");
  constexpr std::array rates{1e-4, 3e-4, 1e-3, 3e-3, 1e-2};
  double best = rates.front(), least = std::numeric_limits<double>::infinity();
  for (const double rate : rates) {
    const double error = train_error(problem, tailored_by_sgd(problem, rate), params);
    if (error < least) {
      best = rate;
      least = error;
    }
  }
  if (!std::isfinite(least)) {
    throw base::NumericalError("the prediction diverges at every rate from 1e-4 on");
  }
  return best;
}

NeuralQuantity pretrained_quantity(const StateProblem& problem, const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  report("pretraining g");
  const learn::Mlp network{{problem.task.dimension(), 32, 1}};
  const Params phi = cast(
      pretrained_on(problem.task, network, problem.budget.pretraining, problem.seed), DType::f32);
  return {network_quantity(network), phi, seconds_since(begin)};
}

TrainedField meta_train_frozen(const StateProblem& problem, const Params& start,
                               const NeuralQuantity& pretrained, const ReportStep& report) {
  TrainedField result =
      fine_tune(problem, projected(problem, pretrained.g, pretrained.phi), start, report);
  result.seconds += pretrained.seconds;
  result.neural = pretrained;
  return result;
}

TrainedField meta_train_jointly(const StateProblem& problem, const Params& start,
                                const NeuralQuantity& pretrained, const ReportStep& report) {
  const Field joint =
      jointly_tailored_field(problem.mlp, pretrained.g, {.weights = last_layer(problem.mlp)});
  TrainedField result = fine_tune(problem, joint, join(start, pretrained.phi), report);
  const auto [theta, learned] = learn::split(result.params);
  result.field = projected(problem, pretrained.g, learned);
  result.params = theta;
  result.seconds += pretrained.seconds;
  result.neural = {pretrained.g, learned, pretrained.seconds};
  return result;
}

}  // namespace noether::bench
