#include "bench/tables/state_model.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "bench/data/denoise.h"
#include "bench/data/energy.h"
#include "bench/data/generated_file.h"
#include "bench/discovery/discovery.h"
#include "bench/model/evaluation.h"
#include "bench/model/tailoring.h"
#include "learn/autodiff/ops.h"
#include "learn/models/hnn.h"
#include "learn/models/vanilla.h"
#include "learn/noether/joint_weights.h"
#include "learn/train/minibatch.h"

namespace noether::bench {

using learn::DType;
using learn::Field;
using learn::Params;
using learn::Tensor;

namespace {

constexpr double learning_rate = 1e-3;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TrainedField trained(const StateProblem& problem, const std::string& row, const Field& field,
                     const Params& start, const learn::Training& training,
                     const learn::Objective& objective) {
  const auto begin = std::chrono::steady_clock::now();
  const learn::Hook hook{
      10, [&](const learn::TrainingState& state) {
        problem.report(fmt::format("{}, step {} of {}", row, state.step, training.steps));
      }};
  const auto state = base::with_context(row, [&] {
    return learn::train(training, learn::initial_training_state(start), objective, {hook});
  });
  return {field, state.params, seconds_since(begin)};
}

learn::Adam adam_of(const StateProblem& problem) {
  return {.learning_rate = learning_rate, .weight_decay = problem.weight_decay};
}

learn::Training fine_tuning(const StateProblem& problem) {
  if (problem.scratch) {
    return {.steps = problem.budget.steps - 1,
            .adam = adam_of(problem),
            .schedule = learn::Schedule::cooldown,
            .groups = {learn::phi_group()}};
  }
  return {.steps = problem.budget.fine_tune_steps,
          .adam = adam_of(problem),
          .schedule = learn::Schedule::linear,
          .groups = {learn::phi_group()}};
}

TrainedField train_from_scratch(const StateProblem& problem, const std::string& row,
                                const Field& field, const learn::Mlp& mlp, const Tensor& x) {
  return trained(problem, row, field, learn::initial_weights(mlp, problem.seed, DType::f32),
                 {.steps = problem.budget.steps, .adam = adam_of(problem)},
                 learn::field_objective(field, x, problem.task.dx_dt));
}

// The train trajectories as they are known: their states, from the first of each.
Task rehearsal_of(const Task& task) {
  Task train = task;
  train.horizons = {task.dt * static_cast<double>(task.samples - 1)};
  train.truth.clear();
  const Tensor states =
      reshape(cast(task.x, DType::f64), {task.trajectories, task.samples, task.dimension()});
  for (std::int64_t t = 0; t < task.samples; ++t) {
    train.truth.push_back(
        reshape(slice(states, 1, t, t + 1), {task.trajectories, task.dimension()}));
  }
  train.starts = train.truth.front();
  return train;
}

}  // namespace

Budget budget_of(const TableOptions& options) {
  if (options.quick) return {400, 60, 3, {.ratio_steps = 50, .angle_steps = 200}};
  return {};
}

StateProblem make_state_problem(const std::string& name, double noise, std::uint64_t seed,
                                const TableOptions& options, const ReportStep& report) {
  report("generating");
  const GeneratedFile file(name, {{"noise_std", base::format_double(noise)}}, seed);
  StateProblem problem{.task = load_task(file.path(), {.horizons = {3, 10}, .dtype = DType::f64}),
                       .mlp = {.widths = {2, 200, 200, 2}},
                       .budget = budget_of(options),
                       .seed = seed,
                       .scratch = options.scratch,
                       .weight_decay = options.weight_decay,
                       .report = report};
  Task& task = problem.task;
  problem.oracle = energy_quantity(name, task.coordinates);
  problem.raw_x = cast(task.x, DType::f32);
  if (noise > 0) {
    task.x = denoised(task.x, task.dx_dt, task.trajectories, task.dt);
    task.offset_variance = noise * noise / static_cast<double>(task.samples);
    problem.budget.pretraining.offset_variance = task.offset_variance;
  }
  problem.trajectories = trajectories_of(task);
  for (Tensor* values : {&task.x, &task.dx_dt, &task.test_x, &task.test_dx_dt}) {
    *values = cast(*values, DType::f32);
  }
  problem.rehearsals = {rehearsal_of(task)};
  return problem;
}

TrainedField train_vanilla(const StateProblem& problem, const Tensor& x) {
  return train_from_scratch(problem, "vanilla", mlp_field(problem.mlp), problem.mlp, x);
}

TrainedField train_hnn(const StateProblem& problem) {
  learn::Mlp mlp = problem.mlp;
  mlp.widths.back() = 1;
  return train_from_scratch(problem, "hnn", hamiltonian_field(mlp), mlp, problem.task.x);
}

TrainedField fine_tune(const StateProblem& problem, const std::string& row, const Field& field,
                       const Params& start) {
  return trained(problem, row, field, start, fine_tuning(problem),
                 learn::field_objective(field, problem.task.x, problem.task.dx_dt));
}

Field projected(const StateProblem& problem, const learn::Quantity& g, const Params& phi) {
  const bool is_map = problem.task.stepper == learn::Stepper::euler;
  return tailored_field(problem.mlp, g, phi,
                        {.steps = is_map ? 3 : 1, .weights = last_layer(problem.mlp)},
                        is_map ? problem.task.dt : 0);
}

Field tailored_by_sgd(const StateProblem& problem, double rate) {
  return tailored_field(problem.mlp, problem.oracle, {},
                        {.rule = learn::StepRule::sgd, .rate = Tensor::scalar(rate, DType::f32)});
}

double train_error(const StateProblem& problem, const Field& field, const Params& params) {
  double sum = 0;
  for (const Task& rehearsal : problem.rehearsals) {
    const double rmse = evaluate_field(field, params, rehearsal).rmse.back();
    sum += rmse * rmse;
  }
  return std::sqrt(sum / static_cast<double>(problem.rehearsals.size()));
}

double best_sgd_rate(const StateProblem& problem, const Params& params) {
  problem.report("tailored-sgd, choosing the rate");
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
    throw base::NumericalError("tailored-sgd: the prediction diverges at every rate from 1e-4 on");
  }
  return best;
}

NeuralField meta_train_neural(const StateProblem& problem, const Params& start) {
  const auto begin = std::chrono::steady_clock::now();
  problem.report("meta-neural, pretraining g");
  const learn::Mlp network{{2, 32, 1}};
  const learn::Quantity g = network_quantity(network);
  const Params phi = cast(
      pretrained_on(problem.task, network, problem.budget.pretraining, problem.seed), DType::f32);
  const Field joint = jointly_tailored_field(problem.mlp, g, {.weights = last_layer(problem.mlp)});
  const TrainedField result = fine_tune(problem, "meta-neural", joint, join(start, phi));
  const auto [theta, learned] = learn::split(result.params);
  return {{projected(problem, g, learned), theta, seconds_since(begin)}, g, learned};
}

}  // namespace noether::bench
