#pragma once

// Gradient descent from one state to a later one.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "learn/autodiff/transforms.h"
#include "learn/nn/optimizers.h"

namespace noether::learn {

// The learning rate over the steps, after the warm-up if there is one.
enum class Schedule {
  constant,  // as given
  linear,    // falling linearly from there to `final_share` of it at the end
  cosine,    // falling as far along half a cosine
  cooldown   // as given, and falling linearly as far over the last tenth of the steps
};

const std::vector<std::string>& schedule_names();
std::string_view to_string(Schedule schedule);
// Throws UsageError for a name that is none of them.
Schedule schedule_of(std::string_view name);

// Weights whose names begin with `prefix` are trained in units of `unit`: Adam sees weight / unit.
// So their learning rate is `unit` times that of the other weights, up to rounding; decay and
// epsilon change with it. Where the unit is 0, the weights stay as they are.
struct ParameterGroup {
  std::string prefix;
  double unit = 1;
};

struct Training {
  std::int64_t steps = 2001;
  Adam adam = {};
  Schedule schedule = Schedule::constant;
  double final_share = 0;         // of the learning rate, that a falling schedule ends at
  std::int64_t warmup_steps = 0;  // over which the learning rate grows linearly to the one given
  double clip_norm = 0;           // of a gradient, which is shortened to it; 0: never
  std::uint64_t seed = 0;         // of what is random in the objective
  std::vector<ParameterGroup> groups = {};  // of the weights that have a unit of their own
};

// The learning rate of the step after `step` steps.
double learning_rate(const Training& training, std::int64_t step);

// All that the next step depends on, so that training continues from any of these to the same bits.
struct TrainingState {
  std::int64_t step = 0;  // steps done
  Params params = {};
  AdamState optimizer = {};
  double loss = 0;        // before the last step
  double first_loss = 0;  // before the first
};

TrainingState initial_training_state(const Params& params);

// Called after every `every` steps and after the last; what it throws ends the training.
struct Hook {
  std::int64_t every = 1;
  std::function<void(const TrainingState&)> call = {};
};

// How far a training is. Minibatches, curricula and noise are functions of this alone. So a
// training that was continued ends with the bits of one that was never stopped.
struct TrainingStep {
  std::int64_t step = 0;  // steps done
  std::int64_t steps = 0;
  std::uint64_t seed = 0;
};

using Loss = std::function<Tensor(const Params&)>;
using LossAndGradient = std::function<ValueAndGrad<Params>(const Params&)>;

// What is minimised.
struct Objective {
  std::function<ValueAndGrad<Params>(const Params&, const TrainingStep&)> value_and_gradient;
  // The value alone, for the check after the last step: without it, that check takes a gradient.
  std::function<Tensor(const Params&, const TrainingStep&)> value = {};
};
// The same at all steps.
Objective objective_of(const Loss& loss);
Objective objective_of(const LossAndGradient& loss);

// Steps from `state` up to training.steps. Throws NumericalError at the first loss that is not
// finite, or that has grown a millionfold, that after the last step included: the training has
// diverged. Throws UsageError for a warm-up longer than the training.
TrainingState train(const Training& training, TrainingState state, const Objective& objective,
                    const std::vector<Hook>& hooks = {});
TrainingState train(const Training& training, TrainingState state, const Loss& loss,
                    const std::vector<Hook>& hooks = {});
TrainingState train(const Training& training, TrainingState state, const LossAndGradient& loss,
                    const std::vector<Hook>& hooks = {});

}  // namespace noether::learn
