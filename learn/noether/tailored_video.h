#pragma once

// Video prediction that conserves: gamma and beta of every sequence are tailored to the frames that
// it has seen and the actions that follow, before it predicts (Alet et al. 2021, section 4.3).

#include "learn/models/video.h"
#include "learn/noether/clip_quantity.h"
#include "learn/noether/inner_step.h"
#include "learn/train/clips.h"

namespace noether::learn {

// n sequences to predict: their first frames, each [n, c, h, w], the actions
// [n, history + steps - 1, a], and how many frames follow.
struct VideoQuery {
  Tensors history;
  Tensor actions;
  std::int64_t steps = 0;
};
// Of clips whose first frames are seen, to predict the others.
VideoQuery query_of(const VideoPredictor& model, const Clips& clips);

struct VideoTailoring {
  ClipQuantity quantity;
  Form form = Form::anchored;
  // of gamma and beta
  InnerStep step{.rule = StepRule::polyak, .by_query = true};
  // The inner loss is that of predict_self_forced: its value is the same, its gradient is not.
  bool is_self_forced = false;
};

// The Noether residuals [n, steps k] of what the model predicts with `own`.
Tensor video_residuals(const VideoPredictor& model, const Params& theta, const Params& own,
                       const VideoTailoring& tailoring, const Params& phi, const VideoQuery& query);

// gamma and beta after the inner steps from 1 and 0.
Params tailored_own(const VideoPredictor& model, const Params& theta,
                    const VideoTailoring& tailoring, const Params& phi, const VideoQuery& query);

// prediction_loss after tailoring, of joint weights (joint_weights.h), for training through the
// inner steps. The memory grows with their number; it does not in
ClipLoss tailored_prediction_loss(const VideoPredictor& model, const VideoTailoring& tailoring);

// The same summed over all clips, and its gradient by theta and phi, in the memory of one inner
// step and log2 of their number of copies of gamma and beta (meta_gradient.h).
struct VideoMetaGradient {
  double value = 0;
  Params theta{}, phi{};
};
VideoMetaGradient video_meta_gradient(const VideoPredictor& model, const Params& theta,
                                      const VideoTailoring& tailoring, const Params& phi,
                                      const Clips& clips);

}  // namespace noether::learn
