#include "learn/noether/tailored_video.h"

#include "learn/autodiff/ops.h"
#include "learn/noether/joint_weights.h"
#include "learn/noether/meta_gradient.h"

namespace noether::learn {

namespace {

Params neutral_own(const VideoPredictor& model, const VideoQuery& query) {
  const Tensor& first = query.history.front();
  return model.own(first.shape()[0], first.dtype());
}

// The sum over sequences of the mean square error, over pixels and predicted frames.
Tensor prediction_error(const VideoPredictor& model, const Params& theta, const Params& own,
                        const Clips& clips) {
  const auto [history, actions, steps] = query_of(model, clips);
  const Tensors predicted = model.predict(theta, own, history, actions, steps);
  const Tensors truth(clips.frames.end() - steps, clips.frames.end());
  const auto sequences = static_cast<double>(actions.shape()[0]);
  return scale(mean(square(film_of(predicted) - film_of(truth))), sequences);
}

}  // namespace

VideoQuery query_of(const VideoPredictor& model, const Clips& clips) {
  const std::int64_t seen = model.options().history;
  return {Tensors(clips.frames.begin(), clips.frames.begin() + seen), clips.actions,
          std::ssize(clips.frames) - seen};
}

Tensor video_residuals(const VideoPredictor& model, const Params& theta, const Params& own,
                       const VideoTailoring& tailoring, const Params& phi,
                       const VideoQuery& query) {
  const auto& [history, actions, steps] = query;
  const Tensors predicted = tailoring.is_self_forced
                                ? model.predict_self_forced(theta, own, history, actions, steps)
                                : model.predict(theta, own, history, actions, steps);
  Clips clips{history, actions};
  clips.frames.insert(clips.frames.end(), predicted.begin(), predicted.end());
  return clip_residuals(tailoring.form, tailoring.quantity(phi, clips), std::ssize(history));
}

Params tailored_own(const VideoPredictor& model, const Params& theta,
                    const VideoTailoring& tailoring, const Params& phi, const VideoQuery& query) {
  return tailor(
      [&](const Params& own) { return video_residuals(model, theta, own, tailoring, phi, query); },
      neutral_own(model, query), tailoring.step);
}

ClipLoss tailored_prediction_loss(const VideoPredictor& model, const VideoTailoring& tailoring) {
  return [=](const Params& joint, const Clips& clips) {
    const auto [theta, phi] = split(joint);
    const Params own = tailored_own(model, theta, tailoring, phi, query_of(model, clips));
    return prediction_error(model, theta, own, clips);
  };
}

VideoMetaGradient video_meta_gradient(const VideoPredictor& model, const Params& theta,
                                      const VideoTailoring& tailoring, const Params& phi,
                                      const Clips& clips) {
  const VideoQuery query = query_of(model, clips);
  // what moves is own; all other weights are what meta_gradient calls phi
  const MetaGradient made = meta_gradient(
      [&](const Params& own, const Params& joint) {
        const auto [weights, g] = split(joint);
        return video_residuals(model, weights, own, tailoring, g, query);
      },
      [&](const Params& own, const Params& joint) {
        return prediction_error(model, split(joint).theta, own, clips);
      },
      neutral_own(model, query), join(theta, phi), tailoring.step);
  const auto [by_theta, by_phi] = split(made.phi);
  return {made.value, by_theta, by_phi};
}

}  // namespace noether::learn
