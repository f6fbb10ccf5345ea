#include "learn/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/text.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {

namespace {

// A schedule as data: the share of the steps, at their end, over which the rate falls, and what is
// left of the fall where the share `left` of those steps is still to come.
struct Fall {
  std::string_view name;
  double over;
  double (*rest)(double left);
};

double line(double left) { return left; }
double half_cosine(double left) { return (1 - std::cos(std::numbers::pi * left)) / 2; }

// in the order of the enumeration
constexpr std::array falls{
    Fall{"constant", 0, nullptr},
    Fall{"linear", 1, line},
    Fall{"cosine", 1, half_cosine},
    Fall{"cooldown", 0.1, line},
};

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

// The gradient, no longer than `longest`.
Params clipped(const Params& gradient, double longest) {
  double squares = 0;
  for (const auto& [name, value] : gradient) squares += sum(square(cast(value, DType::f64))).item();
  const double length = std::sqrt(squares);
  if (!(length > longest)) return gradient;
  return map(gradient, [&](const Tensor& value) { return scale(value, longest / length); });
}

// Adam on theta / unit, written for theta: m and v are those of its own gradient.
Adam in_units(Adam adam, double unit) {
  if (unit == 0) return {.learning_rate = 0, .weight_decay = 0};
  adam.learning_rate *= unit;
  adam.weight_decay /= unit * unit;
  adam.epsilon /= unit;
  return adam;
}

std::vector<Adam> adam_of_each(const Training& training, const Adam& adam, const Params& params) {
  std::vector<Adam> each;
  for (const auto& [name, value] : params) {
    const auto group = std::ranges::find_if(
        training.groups, [&, &key = name](const auto& g) { return key.starts_with(g.prefix); });
    each.push_back(group == training.groups.end() ? adam : in_units(adam, group->unit));
  }
  return each;
}

}  // namespace

const std::vector<std::string>& schedule_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Fall& fall : falls) all.emplace_back(fall.name);
    return all;
  }();
  return names;
}

std::string_view to_string(Schedule schedule) {
  return falls.at(static_cast<std::size_t>(schedule)).name;
}

Schedule schedule_of(std::string_view name) {
  const auto found = std::ranges::find(falls, name, &Fall::name);
  if (found != falls.end()) return static_cast<Schedule>(found - falls.begin());
  throw base::UsageError(
      fmt::format("no schedule is called '{}'; there are {}", name, base::join(schedule_names())));
}

double learning_rate(const Training& training, std::int64_t step) {
  const double rate = training.adam.learning_rate;
  const std::int64_t warmup = training.warmup_steps;
  if (step < warmup) return rate * (static_cast<double>(step + 1) / static_cast<double>(warmup));
  const Fall& fall = falls.at(static_cast<std::size_t>(training.schedule));
  if (fall.rest == nullptr) return rate;
  const auto left = static_cast<double>(training.steps - step);
  const auto length = static_cast<double>(training.steps - warmup);
  const double rest = fall.rest(std::min(1.0, left / (fall.over * length)));
  return rate * (training.final_share + (1 - training.final_share) * rest);
}

TrainingState initial_training_state(const Params& params) {
  return {.params = params, .optimizer = initial_state(params)};
}

Objective objective_of(const Loss& loss) {
  return {
      [loss](const Params& params, const TrainingStep&) { return value_and_grad(loss, params); },
      [loss](const Params& params, const TrainingStep&) { return loss(params); }};
}

Objective objective_of(const LossAndGradient& loss) {
  return {[loss](const Params& params, const TrainingStep&) { return loss(params); }};
}

TrainingState train(const Training& training, TrainingState state, const Objective& objective,
                    const std::vector<Hook>& hooks) {
  if (training.warmup_steps < 0 || training.warmup_steps > training.steps) {
    throw base::UsageError(fmt::format("a warm-up of {} steps does not fit into {} steps",
                                       training.warmup_steps, training.steps));
  }
  const auto now = [&] { return TrainingStep{state.step, training.steps, training.seed}; };
  while (state.step < training.steps) {
    auto [value, gradient] = objective.value_and_gradient(state.params, now());
    state.loss = value.item();
    if (state.step == 0) state.first_loss = state.loss;
    check_loss(training, state, state.loss);
    if (training.clip_norm > 0) gradient = clipped(gradient, training.clip_norm);
    Adam adam = training.adam;
    adam.learning_rate = learning_rate(training, state.step);
    AdamStep next = step_each(adam_of_each(training, adam, state.params), state.optimizer,
                              state.params, gradient);
    state.params = std::move(next.params);
    state.optimizer = std::move(next.state);
    ++state.step;
    for (const Hook& hook : hooks) {
      if (state.step % hook.every == 0 || state.step == training.steps) hook.call(state);
    }
  }
  // the last step may diverge as well; resumed after it, a training finds the same
  if (state.step > 0) {
    const Tensor last = objective.value ? objective.value(state.params, now())
                                        : objective.value_and_gradient(state.params, now()).value;
    check_loss(training, state, last.item());
  }
  return state;
}

TrainingState train(const Training& training, TrainingState state, const Loss& loss,
                    const std::vector<Hook>& hooks) {
  return train(training, std::move(state), objective_of(loss), hooks);
}

TrainingState train(const Training& training, TrainingState state, const LossAndGradient& loss,
                    const std::vector<Hook>& hooks) {
  return train(training, std::move(state), objective_of(loss), hooks);
}

}  // namespace noether::learn
