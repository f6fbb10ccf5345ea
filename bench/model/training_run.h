#pragma once

// Training into a file, to the end however often it is killed on the way.

#include <cstdint>
#include <filesystem>
#include <functional>

#include "bench/data/task.h"
#include "bench/model/checkpoint.h"

namespace noether::bench {

struct TrainingRunOptions {
  bool overwrite = false;  // replace the model and, unless `resume`, what an earlier run left
  bool resume = false;     // continue what an earlier run left
  int jobs = 1;            // threads, 0: one per processor. Never changes a number
  std::int64_t checkpoint_every = 500;                            // steps
  std::function<void(const learn::TrainingState&)> on_step = {};  // told of every step
  std::function<void()> on_pretraining = {};  // told when a neural quantity begins to learn
};

// Minimises the mean of (f(x) - dx/dt)^2 over all points of the task, all at once, from `start` to
// its last step, and writes the model to `path`. Until then, checkpoints go to "PATH.partial",
// which `resume` continues to the same bytes. Returns what was written.
//
// Where `start` has a tailoring, f is the tailored field, and the gradient goes through its inner
// step. A neural quantity is first pre-trained on the task, then trained jointly.
//
// Throws DataError where the task has no train split, another process trains into `path` (an empty
// PATH.lock tells it), or `path` exists or something unfinished lies there and no flag says what to
// do; UsageError where that is of another configuration;
// NumericalError where the loss or the inner step diverges; Interrupted, what was done being kept.
Checkpoint run_training(const Checkpoint& start, const Task& task,
                        const std::filesystem::path& path, const TrainingRunOptions& options);

std::filesystem::path partial_model(const std::filesystem::path& path);

}  // namespace noether::bench
