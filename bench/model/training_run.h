#pragma once

// Training into a file. A training that is killed can be continued, any number of times.

#include <cstdint>
#include <filesystem>
#include <functional>

#include "bench/data/task.h"
#include "bench/model/checkpoint.h"

namespace noether::bench {

struct TrainingRunOptions {
  bool overwrite = false;       // replace the model and, unless `resume`, what an earlier run left
  bool resume = false;          // continue what an earlier run left
  bool joint_quantity = false;  // a neural quantity goes on learning together with the model
  int jobs = 1;                 // threads, 0: one per processor. Never changes a number
  std::int64_t checkpoint_every = 500;                            // steps
  std::function<void(const learn::TrainingState&)> on_step = {};  // told of every step
  std::function<void()> on_pretraining = {};  // told when a neural quantity begins to learn
};

// Minimises the mean of (f(x) - dx/dt)^2 over the points of the task, from `start` to its last
// step. Each step takes all points, or start.batch of them. Writes the model to `path` and returns
// it. Until the end, checkpoints go to "PATH.partial"; `resume` continues from there to the same
// bytes.
//
// If `start` has a tailoring, f is the tailored field, and the gradient goes through its inner
// step. A neural quantity is first pre-trained on the task. Then it stays as it is, unless it is to be
// trained together with the model.
//
// Throws
// - DataError where the task has no train split, where another process trains into `path` (it holds
//   PATH.lock), or where `path` or an unfinished training exists and no flag says what to do;
// - UsageError where the unfinished training is of another configuration;
// - NumericalError where the loss or the inner step diverges;
// - Interrupted after Ctrl-C; what was done is kept.
Checkpoint run_training(const Checkpoint& start, const Task& task,
                        const std::filesystem::path& path, const TrainingRunOptions& options);

std::filesystem::path partial_model(const std::filesystem::path& path);

}  // namespace noether::bench
