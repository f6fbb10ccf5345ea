#include "learn/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace noether::learn {

namespace {

double learning_rate(const Training& training, std::int64_t step) {
  const double rate = training.adam.learning_rate;
  const auto steps = static_cast<double>(training.steps);
  const double left = steps - static_cast<double>(step);
  switch (training.schedule) {
    case Schedule::constant:
      return rate;
    case Schedule::linear:
      return rate * (left / steps);
    case Schedule::cooldown:
      return rate * std::min(1.0, left / (0.1 * steps));
  }
  return rate;
}

// Saturated networks stay finite however far their weights run away. A loss below one may rise a
// lot for a moment, as where training goes on from a good model, hence the floor.
// `loss` is that after state.step steps.
void check_loss(const Training& training, const TrainingState& state, double loss) {
  constexpr double most_growth = 1e6;
  const double rate = training.adam.learning_rate;
  if (!std::isfinite(loss)) {
    throw base::NumericalError(
        fmt::format("the loss is not finite at step {} (learning rate {:g}); "
                    "try a smaller learning rate",
                    state.step, rate));
  }
  if (loss > most_growth * std::max(1.0, state.first_loss)) {
    throw base::NumericalError(
        fmt::format("the loss grew from {:.3g} to {:.3g} by step {} (learning rate {:g}); "
                    "try a smaller learning rate",
                    state.first_loss, loss, state.step, rate));
  }
}

}  // namespace

std::string_view to_string(Schedule schedule) {
  switch (schedule) {
    case Schedule::constant:
      return "constant";
    case Schedule::linear:
      return "linear";
    case Schedule::cooldown:
      return "cooldown";
  }
  return "";
}

Schedule schedule_of(std::string_view name) {
  for (const Schedule schedule : {Schedule::constant, Schedule::linear, Schedule::cooldown}) {
    if (to_string(schedule) == name) return schedule;
  }
  throw base::UsageError(
      fmt::format("no schedule is called '{}'; there are constant, linear and cooldown", name));
}

TrainingState initial_training_state(const Params& params) {
  return {.params = params, .optimizer = initial_state(params)};
}

TrainingState train(const Training& training, TrainingState state, const LossAndGradient& loss,
                    const std::vector<Hook>& hooks) {
  while (state.step < training.steps) {
    const auto [value, gradient] = loss(state.params);
    state.loss = value.item();
    if (state.step == 0) state.first_loss = state.loss;
    check_loss(training, state, state.loss);
    Adam adam = training.adam;
    adam.learning_rate = learning_rate(training, state.step);
    AdamStep next = step(adam, state.optimizer, state.params, gradient);
    state.params = std::move(next.params);
    state.optimizer = std::move(next.state);
    ++state.step;
    for (const Hook& hook : hooks) {
      if (state.step % hook.every == 0 || state.step == training.steps) hook.call(state);
    }
  }
  // the last step may diverge as well; resumed after it, a training finds the same
  if (state.step > 0) check_loss(training, state, loss(state.params).value.item());
  return state;
}

TrainingState train(const Training& training, TrainingState state, const Loss& loss,
                    const std::vector<Hook>& hooks) {
  return train(training, std::move(state),
               LossAndGradient([&](const Params& params) { return value_and_grad(loss, params); }),
               hooks);
}

}  // namespace noether::learn
