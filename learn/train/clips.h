#pragma once

// Objectives over clips of video: a few sequences at every step, and predictions that reach further
// as training goes on.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "learn/models/video.h"
#include "learn/train/trainer.h"

namespace noether::learn {

// The beginnings of b sequences, with values and types as VideoPredictor takes them.
struct Clips {
  Tensors frames;  // of each time, [b, channels, size, size]
  Tensor actions;  // [b, times - 1, a]: action t acts between frames t and t + 1
};
// The first `times` frames of the sequences with these numbers. Is called by one thread at a time.
using ClipSource =
    std::function<Clips(std::span<const std::int64_t> sequences, std::int64_t times)>;

// The sum over sequences of a loss of each.
using ClipLoss = std::function<Tensor(const Params& params, const Clips& clips)>;

// For each sequence the mean of (prediction - truth)^2 over all pixels of all frames behind the
// history, predicted free-running.
ClipLoss prediction_loss(const VideoPredictor& model);

// How many frames are predicted while less than the share `until` of the steps is done.
struct Stage {
  double until = 1;
  std::int64_t horizon = 26;
};
using Curriculum = std::vector<Stage>;  // of ascending shares, the last of which is 1
inline const Curriculum growing_horizon{{.1, 3}, {.3, 8}, {.55, 16}, {1, 26}};

// Throws UsageError for a curriculum without stages or without an end.
std::int64_t horizon_at(const Curriculum& curriculum, const TrainingStep& at);

struct ClipObjectiveOptions {
  std::int64_t sequences = 0;  // of the source
  std::int64_t batch = 16;     // of them, for a step: as Minibatches chooses
  std::int64_t history = 4;    // frames of a clip before those that are predicted
  Curriculum curriculum = growing_horizon;
  // Sequences that are computed together, at most; 0: half a batch. Bits depend on it.
  std::int64_t piece = 0;
  int jobs = 1;  // threads of a gradient, 0: one per processor; never changes a number
};

// The mean of the loss over the sequences of a batch.
Objective clip_objective(const ClipLoss& loss, const ClipSource& source,
                         const ClipObjectiveOptions& options);

}  // namespace noether::learn
