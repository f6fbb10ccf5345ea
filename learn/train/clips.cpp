#include "learn/train/clips.h"

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/train/minibatch.h"
#include "learn/train/rows.h"

namespace noether::learn {

namespace {

// The clips of a step, piece by piece, and the share of each sequence in their mean.
struct Batch {
  std::vector<Clips> pieces;
  double share;
};
Batch batch_of(const std::vector<std::int64_t>& sequences, const ClipSource& source,
               const Pieces& cut, std::int64_t times) {
  const std::span all(sequences);
  const auto cuts = cuts_of(std::ssize(sequences), cut);
  Batch batch{.pieces = {}, .share = 1 / static_cast<double>(sequences.size())};
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const auto begin = static_cast<std::size_t>(cuts[i]),
               end = static_cast<std::size_t>(cuts[i + 1]);
    batch.pieces.push_back(source(all.subspan(begin, end - begin), times));
  }
  return batch;
}

}  // namespace

ClipLoss prediction_loss(const VideoPredictor& model) {
  return [model](const Params& params, const Clips& clips) {
    const auto history = clips.frames.begin() + model.options().history;
    const Tensors seen(clips.frames.begin(), history), truth(history, clips.frames.end());
    const Tensor& first = clips.frames.front();
    const Params own = model.own(first.shape()[0], first.dtype());
    const Tensors predicted = model.predict(params, own, seen, clips.actions, std::ssize(truth));
    Tensor total;
    for (std::size_t t = 0; t < truth.size(); ++t) {
      total = accumulate(std::move(total), sum(square(predicted[t] - truth[t])));
    }
    const std::int64_t values = first.size() / first.shape()[0] * std::ssize(truth);
    return scale(total, 1 / static_cast<double>(values));
  };
}

std::int64_t horizon_at(const Curriculum& curriculum, const TrainingStep& at) {
  const auto now = std::ranges::find_if(curriculum, [&](const Stage& stage) {
    return static_cast<double>(at.step) / static_cast<double>(at.steps) < stage.until;
  });
  if (now != curriculum.end()) return now->horizon;
  // the check after the last step
  if (!curriculum.empty() && curriculum.back().until == 1) return curriculum.back().horizon;
  throw base::UsageError("a curriculum needs stages, the last of which lasts until the share 1");
}

Objective clip_objective(const ClipLoss& loss, const ClipSource& source,
                         const ClipObjectiveOptions& options) {
  const std::int64_t largest = std::min(options.batch, options.sequences);
  const Pieces cut{.rows = options.piece > 0 ? options.piece : (largest + 1) / 2,
                   .jobs = options.jobs};
  const auto batches = std::make_shared<Minibatches>(options.sequences, options.batch);
  const auto batch_at = [=](const TrainingStep& at) {
    const std::int64_t times = options.history + horizon_at(options.curriculum, at);
    return batch_of(batches->rows(at), source, cut, times);
  };
  const auto workers =
      std::make_shared<base::Workers>(threads_for(cut, cuts_of(largest, cut).size() - 1));

  Objective objective;
  objective.value_and_gradient = [=](const Params& params, const TrainingStep& at) {
    const Batch batch = batch_at(at);
    return sum_of_pieces(params, batch.pieces.size(), *workers, [&](std::size_t i) {
      return value_and_grad(
          [&](const Params& p) { return scale(loss(p, batch.pieces[i]), batch.share); }, params);
    });
  };
  objective.value = [=](const Params& params, const TrainingStep& at) {
    const Batch batch = batch_at(at);
    Tensor total;
    for (const Clips& clips : batch.pieces) {
      total = accumulate(std::move(total), scale(loss(params, clips), batch.share));
    }
    return total;
  };
  return objective;
}

}  // namespace noether::learn
