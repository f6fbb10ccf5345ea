#include "bench/model/training_file.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/text.h"
#include "dataset/make/config.h"
#include "dataset/make/provenance.h"

namespace noether::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

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

// Writes checkpoints to `partial`, as often as steps or time say, and where the user interrupts.
std::vector<learn::Hook> keeping(const Checkpoint& from, const fs::path& partial,
                                 const TrainingRunOptions& options) {
  static constexpr std::chrono::minutes longest{2};
  auto kept = std::make_shared<Clock::time_point>(Clock::now());
  const auto keep = [from, partial, kept](const learn::TrainingState& state) {
    const base::HoldInterrupts saving;
    Checkpoint checkpoint = from;
    checkpoint.state = state;
    save_checkpoint(checkpoint, partial);
    *kept = Clock::now();
  };
  const learn::Hook on_step{
      1, [&options, kept, keep, steps = from.training.steps](const learn::TrainingState& state) {
        if (options.on_step) options.on_step(state);
        const bool is_due = Clock::now() - *kept > longest && state.step < steps;
        if (is_due || base::interrupted()) keep(state);
        base::check_interrupt();
      }};
  const learn::Hook on_checkpoint{options.checkpoint_every, [keep, steps = from.training.steps](
                                                                const learn::TrainingState& state) {
                                    if (state.step < steps) keep(state);
                                  }};
  return {on_step, on_checkpoint};
}

learn::TrainingState trained(Checkpoint& from, const fs::path& partial,
                             const TrainingRunOptions& options, const PrepareTraining& prepare) {
  const TrainingWork work = prepare(from);
  learn::Training training = from.training;
  training.seed = work.seed;
  training.groups = work.groups;
  learn::TrainingState state =
      learn::train(training, from.state, work.objective, keeping(from, partial, options));
  if (work.kept) state.params = work.kept(state.params);
  return state;
}

}  // namespace

fs::path partial_model(const fs::path& path) { return path.string() + ".partial"; }

Checkpoint train_into_file(const Checkpoint& start, const fs::path& source, const fs::path& path,
                           const TrainingRunOptions& options, const PrepareTraining& prepare) {
  const fs::path partial = partial_model(path);
  const bool may_exist = options.overwrite || options.resume;
  base::check_output_file(path, may_exist, source);
  // where nothing is to be written, not even a lock, which the folder may not allow
  if (!fs::exists(partial)) {
    if (auto complete = complete_model(start, path, options)) return *std::move(complete);
  }
  const base::FileLock lock = base::FileLock::of_output(path);
  // once more: until now, another training may have come to its end
  base::check_output_file(path, may_exist, source);
  if (auto complete = complete_model(start, path, options)) {
    remove_own_partial(*complete, partial);
    return *std::move(complete);
  }
  Checkpoint checkpoint = first_checkpoint(start, partial, options);
  try {
    checkpoint.state = trained(checkpoint, partial, options, prepare);
    save_checkpoint(checkpoint, path);
  } catch (const base::NumericalError&) {
    fs::remove(partial);  // the same command would fail again in the same way
    throw;
  }
  fs::remove(partial);
  return checkpoint;
}

}  // namespace noether::bench
