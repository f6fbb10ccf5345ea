#include "learn/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace noether::learn {

namespace {

double learning_rate(const Training& training, std::int64_t step) {
  if (training.schedule == Schedule::constant) return training.adam.learning_rate;
  const double left = static_cast<double>(training.steps - step);
  return training.adam.learning_rate * (left / static_cast<double>(training.steps));
}

// Saturated networks stay finite however far their weights run away. A loss below one may rise a
// lot for a moment, as where training goes on from a good model, hence the floor.
void check_loss(const Training& training, const TrainingState& state) {
  constexpr double most_growth = 1e6;
  const double rate = training.adam.learning_rate;
  if (!std::isfinite(state.loss)) {
    throw base::NumericalError(
        fmt::format("the loss is not finite at step {} (learning rate {:g}); "
                    "try a smaller learning rate",
                    state.step, rate));
  }
  if (state.loss > most_growth * std::max(1.0, state.first_loss)) {
    throw base::NumericalError(
        fmt::format("the loss grew from {:.3g} to {:.3g} by step {} (learning rate {:g}); "
                    "try a smaller learning rate",
                    state.first_loss, state.loss, state.step, rate));
  }
}

}  // namespace

std::string_view to_string(Schedule schedule) {
  return schedule == Schedule::constant ? "constant" : "linear";
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
    check_loss(training, state);
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
  return state;
}

TrainingState train(const Training& training, TrainingState state, const Loss& loss,
                    const std::vector<Hook>& hooks) {
  return train(training, std::move(state),
               LossAndGradient([&](const Params& params) { return value_and_grad(loss, params); }),
               hooks);
}

}  // namespace noether::learn
