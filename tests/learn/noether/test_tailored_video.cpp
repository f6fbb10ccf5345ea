#include "learn/noether/tailored_video.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/transforms.h"
#include "learn/noether/joint_weights.h"
#include "learn/noether/work_quantity.h"
#include "learn/tensor/buffer.h"
#include "tests/learn/noether/clips.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

const VideoPredictor model({.size = 8, .features = 2, .code = 3, .memory = 4, .history = 3});
const WorkQuantity work{.pixels = 64, .features = 3, .hidden = 4};
constexpr std::int64_t sequences = 3;

Params weights() { return model.init(1, DType::f64); }
Params phi() { return work.init(2, DType::f64); }
Clips clips() { return test::irregular_clips(sequences, 6, 8); }

VideoTailoring tailoring(StepRule rule, int steps, Form form = Form::anchored) {
  return {.quantity = work,
          .form = form,
          .step = {.rule = rule,
                   .rate = Tensor::scalar(0.05),
                   .steps = steps,
                   .epsilon = has_rate(rule) ? 0.1 : 1,
                   .by_query = true}};
}

// irregular values between -1 and 1 in the form of `like`
Params along(const Params& like, int seed) {
  return map(like,
             [&](const Tensor& value) { return test::irregular(value.shape(), -1, 1, ++seed); });
}

}  // namespace

TEST_CASE("the meta-gradient of a video model is the slope of its loss after the inner steps",
          "[learn][noether][video]") {
  const Params theta = weights(), g = phi();
  const Params d = along(theta, 50), e = along(g, 90);
  for (const StepRule rule :
       {StepRule::sgd, StepRule::polyak, StepRule::normalised, StepRule::adam}) {
    for (const Form form : {Form::anchored, Form::previous}) {
      CAPTURE(to_string(rule), static_cast<int>(form));
      const VideoTailoring by = tailoring(rule, 2, form);
      const ClipLoss loss = tailored_prediction_loss(model, by);
      const double slope = test::slope(
          [&](double t) {
            return loss(join(add_scaled(theta, t, d), add_scaled(g, t, e)), clips()).item();
          },
          1e-6);
      CHECK(std::abs(slope) > 1e-3);
      const VideoMetaGradient made = video_meta_gradient(model, theta, by, g, clips());
      // The step is short because a kink of a leaky ReLU within it would be a jump of the inner
      // step. Rounding is 2^-53 / 1e-6 of values of .1
      CHECK((dot(made.theta, d) + dot(made.phi, e)).item() == Approx(slope).epsilon(1e-9));
      CHECK(test::size_of(made.phi["W3"]) > 1e-8);
      // the unrolled form: the same operations, added up in another order
      const auto unrolled = value_and_grad(
          [&](const Params& joint) { return loss(joint, clips()); }, join(theta, g));
      CHECK(made.value == Approx(unrolled.value.item()).epsilon(1e-14));
      CHECK(test::difference(join(made.theta, made.phi), unrolled.grad) < 1e-12);
    }
  }
}

TEST_CASE("sequences are tailored each by itself, to the bit", "[learn][noether][video]") {
  const VideoTailoring by = tailoring(StepRule::polyak, 3);
  const Params all = tailored_own(model, weights(), by, phi(), query_of(model, clips()));
  CHECK(test::difference(all, model.own(sequences, DType::f64)) > 1e-4);
  for (std::int64_t i = 0; i < sequences; ++i) {
    const VideoQuery one = query_of(model, test::only(clips(), i));
    const Params own = tailored_own(model, weights(), by, phi(), one);
    for (const auto& [name, value] : own)
      CHECK(value.to_vector() == slice(all[name], 0, i, i + 1).to_vector());
  }
}

TEST_CASE("inner steps make a predicted film conserve, until it does", "[learn][noether][video]") {
  VideoTailoring by{.quantity = work,
                    .step = {.rule = StepRule::polyak, .steps = 50, .share = 0.2, .by_query = true}};
  const VideoQuery query = query_of(model, clips());
  const Params neutral = model.own(sequences, DType::f64);
  const auto loss = [&](const Params& own) {
    return sum(square(video_residuals(model, weights(), own, by, phi(), query)), 1).to_vector();
  };
  const auto before = loss(neutral);
  const auto after = loss(tailored_own(model, weights(), by, phi(), query));
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(after[i] < 0.8 * before[i]);
  // what conserves as well as is asked for stays as it is
  by.step.target = 2 * *std::ranges::max_element(before);
  CHECK(test::difference(tailored_own(model, weights(), by, phi(), query), neutral) == 0);
}

TEST_CASE("a self-forced inner pass has the same loss, and a direction of its own",
          "[learn][noether][video]") {
  VideoTailoring by = tailoring(StepRule::polyak, 1);
  const VideoQuery query = query_of(model, clips());
  const auto loss_and_own = [&] {
    const Params neutral = model.own(sequences, DType::f64);
    return std::pair(video_residuals(model, weights(), neutral, by, phi(), query).to_vector(),
                     tailored_own(model, weights(), by, phi(), query));
  };
  const auto [free_loss, free_own] = loss_and_own();
  by.is_self_forced = true;
  const auto [forced_loss, forced_own] = loss_and_own();
  CHECK(free_loss == forced_loss);
  // a new model hardly looks at the frames that are fed back; rounding is 1e-15
  CHECK(test::difference(free_own, forced_own) > 1e-8);
}

TEST_CASE("the meta-gradient of 500 inner steps takes the memory of 5",
          "[learn][noether][video]") {
  const Params theta = weights(), g = phi();
  const auto peak = [&](int steps) {
    VideoTailoring by = tailoring(StepRule::sgd, steps);
    by.step.rate = Tensor::scalar(1e-3);
    reset_buffer_peak();
    const auto before = buffer_statistics().live_bytes;
    video_meta_gradient(model, theta, by, g, clips());
    return static_cast<double>(buffer_statistics().peak_bytes - before);
  };
  CHECK(peak(500) < 1.1 * peak(5));
}

}  // namespace noether::learn
