#include "bench/model/training_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/text.h"
#include "bench/model/evaluation.h"
#include "bench/model/tailored_rows.h"
#include "dataset/make/config.h"
#include "dataset/make/provenance.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/joint_weights.h"
#include "learn/train/minibatch.h"

namespace noether::bench {
namespace {

namespace fs = std::filesystem;

// Throws unless `there`, read from `file`, is the same training by the same program.
void check_same_work(const Checkpoint& there, const Checkpoint& here, const fs::path& file) {
  if (there.build != dataset::build_json()) {
    throw base::UsageError(fmt::format(
        "'{}' comes from another build of this program: use --overwrite", file.string()));
  }
  const auto differences = dataset::config_differences(there.config_toml, here.config_toml);
  if (!differences.empty()) {
    throw base::UsageError(fmt::format(
        "'{}' comes from another configuration ({}): repeat that command, or use --overwrite",
        file.string(), base::join(differences)));
  }
}

// The model at `path`, where it is to stay.
std::optional<Checkpoint> complete_model(const Checkpoint& start, const fs::path& path,
                                         const TrainingRunOptions& options) {
  if (options.overwrite || !fs::exists(path)) return {};
  Checkpoint complete = load_checkpoint(path);
  check_same_work(complete, start, path);
  return complete;
}

// a kill between the renaming of the model and the removal of its checkpoint leaves both
void remove_own_partial(const Checkpoint& complete, const fs::path& partial) {
  if (fs::exists(partial) && load_checkpoint(partial).config_toml == complete.config_toml)
    fs::remove(partial);
}

Checkpoint first_checkpoint(const Checkpoint& start, const fs::path& partial,
                            const TrainingRunOptions& options) {
  if (!fs::exists(partial)) return start;
  if (options.resume) {
    Checkpoint left = load_checkpoint(partial);
    check_same_work(left, start, partial);
    return left;
  }
  if (options.overwrite) return start;
  throw base::DataError(fmt::format(
      "'{}' was left by an unfinished run: --resume continues it, --overwrite starts anew",
      partial.string()));
}

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
void check_inner_step(const Checkpoint& checkpoint, const Task& task) {
  if (!checkpoint.tailoring || checkpoint.state.step > 0) return;
  constexpr double most_growth = 1e6;
  const double plain =
      step_mse(checkpoint.model->field(), model_weights(checkpoint), task.x, task.dx_dt);
  const double tailored =
      step_mse(trained_field(checkpoint), checkpoint.state.params, task.x, task.dx_dt);
  if (tailored <= most_growth * std::max(1.0, plain)) return;
  throw base::NumericalError(
      fmt::format("the inner step ({}) diverges: tailoring takes the loss from {:.3g} to {:.3g}; "
                  "try a smaller --inner-rate",
                  describe_step(*checkpoint.tailoring), plain, tailored));
}

learn::TrainingState trained(const Checkpoint& from, const Task& task, const fs::path& partial,
                             const TrainingRunOptions& options) {
  const learn::Field field =
      options.joint_quantity ? trained_field(from) : learn::with_constant_phi(trained_field(from));
  const auto objective = learn::field_objective(field, task.x, task.dx_dt,
                                                {.batch = from.batch, .jobs = options.jobs});
  const auto keep = [&](const learn::TrainingState& state) {
    const base::HoldInterrupts saving;
    Checkpoint checkpoint = from;
    checkpoint.state = state;
    save_checkpoint(checkpoint, partial);
  };
  const learn::Hook on_step{1, [&](const learn::TrainingState& state) {
                              if (options.on_step) options.on_step(state);
                              if (!base::interrupted()) return;
                              keep(state);
                              base::check_interrupt();
                            }};
  const learn::Hook on_checkpoint{options.checkpoint_every, [&](const learn::TrainingState& state) {
                                    if (state.step < from.training.steps) keep(state);
                                  }};
  learn::Training training = from.training;
  training.seed = from.seed;
  training.groups = {options.joint_quantity ? learn::phi_group() : learn::frozen_phi_group()};
  return learn::train(training, from.state, objective, {on_step, on_checkpoint});
}

}  // namespace

fs::path partial_model(const fs::path& path) { return path.string() + ".partial"; }

Checkpoint run_training(const Checkpoint& start, const Task& task, const fs::path& path,
                        const TrainingRunOptions& options) {
  check_train_split(task);
  const fs::path partial = partial_model(path);
  const bool may_exist = options.overwrite || options.resume;
  base::check_output_file(path, may_exist, task.source);
  // where nothing is to be written, not even a lock, which the folder may not allow
  if (!fs::exists(partial)) {
    if (auto complete = complete_model(start, path, options)) return *std::move(complete);
  }
  const base::FileLock lock = base::FileLock::of_output(path);
  // once more: until now, another training may have come to its end
  base::check_output_file(path, may_exist, task.source);
  if (auto complete = complete_model(start, path, options)) {
    remove_own_partial(*complete, partial);
    return *std::move(complete);
  }
  Checkpoint checkpoint = first_checkpoint(start, partial, options);
  add_quantity(checkpoint, task, options);
  try {
    check_inner_step(checkpoint, task);
    checkpoint.state = trained(checkpoint, task, partial, options);
    save_checkpoint(checkpoint, path);
  } catch (const base::NumericalError&) {
    fs::remove(partial);  // the same command would fail again in the same way
    throw;
  }
  fs::remove(partial);
  return checkpoint;
}

}  // namespace noether::bench
