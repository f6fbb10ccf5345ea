#include "bench/model/training_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "bench/model/evaluation.h"
#include "bench/model/tailored_rows.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/joint_weights.h"
#include "learn/train/minibatch.h"

namespace noether::bench {
namespace {

using Units = std::optional<learn::Standardisation>;

// The neural quantity that is trained with the model; a checkpoint has it already.
void add_quantity(Checkpoint& checkpoint, const Task& task, const TrainingRunOptions& options) {
  const auto& tailoring = checkpoint.tailoring;
  const learn::Params& theta = checkpoint.state.params;
  if (!tailoring || !tailoring->by_network() || learn::split(theta).phi.size() > 0) return;
  if (options.on_pretraining) options.on_pretraining();
  const learn::Params phi = pretrained_on(
      task, tailoring->network, {.offset_variance = task.offset_variance}, checkpoint.seed);
  checkpoint.state =
      learn::initial_training_state(learn::join(theta, cast(phi, theta.begin()->second.dtype())));
}

// An inner step that goes too far makes of a good model one that is worse beyond all measure; what
// starts there does not come back.
void check_inner_step(Checkpoint checkpoint, const Task& task, const Units& units) {
  if (!checkpoint.tailoring || checkpoint.state.step > 0) return;
  if (units) checkpoint.state.params = folded(checkpoint.state.params, *units);
  constexpr double most_growth = 1e6;
  const double plain =
      step_mse(field_model(checkpoint).field(), model_weights(checkpoint), task.x, task.dx_dt);
  const double tailored =
      step_mse(trained_field(checkpoint), checkpoint.state.params, task.x, task.dx_dt);
  if (tailored <= most_growth * std::max(1.0, plain)) return;
  throw base::NumericalError(
      fmt::format("the inner step ({}) diverges: tailoring takes the loss from {:.3g} to {:.3g}; "
                  "try a smaller --inner-rate",
                  describe_step(*checkpoint.tailoring), plain, tailored));
}

bool learns_from_trajectories(const Checkpoint& checkpoint) {
  return learn::find_model(checkpoint.model->kind()).learns_from == learn::LearnsFrom::trajectories;
}

learn::Objective objective_of(const Checkpoint& from, const Task& task,
                              const TrainingRunOptions& options, const Units& units) {
  const learn::Field field =
      options.joint_quantity ? trained_field(from) : learn::with_constant_phi(trained_field(from));
  if (learns_from_trajectories(from)) {
    return learn::segment_objective(units ? learn::folded_field(field, *units) : field,
                                    motion_of(task),
                                    {.points = options.segment,
                                     .batch = from.batch,
                                     .spread = units ? units->spread : std::vector<double>{},
                                     .jobs = options.jobs});
  }
  return learn::field_objective(units ? standardised_field(field, *units) : field, task.x,
                                units ? standardised_rates(task.dx_dt, *units) : task.dx_dt,
                                {.batch = from.batch, .jobs = options.jobs});
}

}  // namespace

Checkpoint run_training(const Checkpoint& start, const Task& task,
                        const std::filesystem::path& path, const TrainingRunOptions& options,
                        const std::optional<learn::Standardisation>& units) {
  check_train_split(task);
  return train_into_file(start, task.source, path, options, [&](Checkpoint& checkpoint) {
    add_quantity(checkpoint, task, options);
    check_inner_step(checkpoint, task, units);
    const auto group = options.joint_quantity ? learn::phi_group() : learn::frozen_phi_group();
    TrainingWork work{objective_of(checkpoint, task, options, units), checkpoint.seed, {group}};
    if (units) work.kept = [units](const learn::Params& params) { return folded(params, *units); };
    return work;
  });
}

}  // namespace noether::bench
