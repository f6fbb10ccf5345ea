#pragma once

// Gradient descent from one state to a later one.

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "learn/autodiff/transforms.h"
#include "learn/nn/optimizers.h"

namespace noether::learn {

// The learning rate over the steps.
enum class Schedule {
  constant,  // as given
  linear,    // falling linearly from there to zero at the end
  cooldown   // as given, and falling linearly to zero over the last tenth of the steps
};

std::string_view to_string(Schedule schedule);
// Throws UsageError for a name that is none of them.
Schedule schedule_of(std::string_view name);

struct Training {
  std::int64_t steps = 2001;
  Adam adam = {};
  Schedule schedule = Schedule::constant;
};

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

// Steps from `state` up to training.steps. Throws NumericalError at the first loss that is not
// finite, or that has grown a millionfold, that after the last step included: the training has
// diverged.
using Loss = std::function<Tensor(const Params&)>;
using LossAndGradient = std::function<ValueAndGrad<Params>(const Params&)>;
TrainingState train(const Training& training, TrainingState state, const Loss& loss,
                    const std::vector<Hook>& hooks = {});
// The same where the gradient comes from an engine of its own.
TrainingState train(const Training& training, TrainingState state, const LossAndGradient& loss,
                    const std::vector<Hook>& hooks = {});

}  // namespace noether::learn
