#pragma once

// Training a model of states into a file.

#include <filesystem>

#include <optional>

#include "bench/data/task.h"
#include "bench/model/training_file.h"
#include "learn/models/standardisation.h"

namespace noether::bench {

// Minimises the mean of (f(x) - dx/dt)^2 over the points of the task, from `start` to its last
// step, as train_into_file. Each step takes all points, or start.batch of them.
//
// A model that learns from trajectories minimises the mean of (x - prediction)^2 over segments of
// `options.segment` points instead, start.batch of them or all, and is given no derivative
// (learn/train/segments.h).
//
// If `start` has a tailoring, f is the tailored field, and the gradient goes through its inner
// step. A neural quantity is first pre-trained on the task. Then it stays as it is, unless it is to
// be trained together with the model.
//
// With `units` the weights of `start`, and of checkpoints, are those of standardised coordinates,
// the mean is that of ((f(x) - dx/dt) / its spread)^2, or of ((x - prediction) / its spread)^2, and
// the model that is written has the folded weights (learn/models/standardisation.h).
//
// Throws as train_into_file, DataError also where the task has no train split, and NumericalError
// where the inner step diverges.
Checkpoint run_training(const Checkpoint& start, const Task& task,
                        const std::filesystem::path& path, const TrainingRunOptions& options,
                        const std::optional<learn::Standardisation>& units = {});

}  // namespace noether::bench
