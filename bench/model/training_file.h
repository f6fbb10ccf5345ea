#pragma once

// Training into a file, whatever is trained. A training that is killed can be continued, any number
// of times.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "bench/model/checkpoint.h"
#include "learn/train/segments.h"

namespace noether::bench {

struct TrainingRunOptions {
  bool overwrite = false;       // replace the model and, unless `resume`, what an earlier run left
  bool resume = false;          // continue what an earlier run left
  bool joint_quantity = false;  // a neural quantity goes on learning together with the model
  std::int64_t segment = learn::SegmentOptions{}.points;  // points, where trajectories are learned
  int jobs = 1;                         // threads, 0: one per processor. Never changes a number
  std::int64_t checkpoint_every = 500;  // steps, or two minutes
  std::function<void(const learn::TrainingState&)> on_step = {};  // told of every step
  std::function<void()> on_pretraining = {};  // told when a neural quantity begins to learn
};

// What is done from a checkpoint on, to its last step.
struct TrainingWork {
  learn::Objective objective;
  std::uint64_t seed = 0;  // of what is random in it
  std::vector<learn::ParameterGroup> groups = {};
  // the weights that the finished model keeps, of those that were trained; empty: the same
  std::function<learn::Params(const learn::Params&)> kept = {};
};
// Of `start`, or of what an earlier run left of it. May add weights that are learned beforehand.
using PrepareTraining = std::function<TrainingWork(Checkpoint& checkpoint)>;

// Trains from `start` to its last step. Writes the model to `path` and returns it. Until the end,
// checkpoints go to "PATH.partial"; `resume` continues from there to the same bytes. `source` is
// the file of the data.
//
// Throws
// - DataError where another process trains into `path` (it holds PATH.lock), or where `path` or an
//   unfinished training exists and no flag says what to do;
// - UsageError where the unfinished training is of another configuration;
// - NumericalError where the loss diverges;
// - Interrupted after Ctrl-C; what was done is kept.
Checkpoint train_into_file(const Checkpoint& start, const std::filesystem::path& source,
                           const std::filesystem::path& path, const TrainingRunOptions& options,
                           const PrepareTraining& prepare);

std::filesystem::path partial_model(const std::filesystem::path& path);

}  // namespace noether::bench
