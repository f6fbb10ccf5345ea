#include "learn/models/video.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

using test::difference;
using test::irregular;

// two levels, two cells, skips: everything there is
const VideoOptions tiny{.channels = 2,
                        .size = 16,
                        .features = 2,
                        .code = 3,
                        .memory = 4,
                        .lstm_layers = 2,
                        .actions = 2,
                        .history = 3,
                        .skips = true};

Tensors some_frames(const VideoOptions& of, std::int64_t count, std::int64_t b) {
  Tensors frames;
  for (std::int64_t t = 0; t < count; ++t) {
    frames.push_back(irregular({b, of.channels, of.size, of.size}, 0, 1, static_cast<int>(t)));
  }
  return frames;
}
Tensor some_actions(const VideoOptions& of, std::int64_t times, std::int64_t b) {
  return irregular({b, times, of.actions}, -1, 1, 5);
}
// arrays that are not neutral
Params some_own(const VideoPredictor& model, std::int64_t b) {
  int seed = 0;
  return map(model.own(b, DType::f64),
             [&](const Tensor& x) { return x + irregular(x.shape(), -0.3, 0.3, ++seed); });
}

bool same(const Tensors& a, const Tensors& b) {
  bool equal = a.size() == b.size() && !a.empty();
  for (std::size_t i = 0; equal && i < a.size(); ++i) {
    equal = a[i].shape() == b[i].shape() && a[i].to_vector() == b[i].to_vector();
  }
  return equal;
}

}  // namespace

TEST_CASE("the presets have the numbers that the design counts", "[learn][video]") {
  const auto weights = [](const VideoOptions& options) {
    return count(VideoPredictor(options).init(0, DType::f32));
  };
  const auto own = [](const VideoOptions& options) {
    return count(VideoPredictor(options).own(1, DType::f32));
  };
  CHECK(weights({.size = 16}) == 108'929);
  CHECK(own({.size = 16}) == 160);
  CHECK(weights({.size = 32}) == 142'129);
  CHECK(own({.size = 32}) == 288);
  // skips widen the transposed convolutions alone: twice as many inputs
  CHECK(weights({.size = 16, .skips = true}) - weights({.size = 16}) == (16 * 8 + 8 * 1) * 16);
  CHECK(own({.size = 16, .skips = true}) == 160);
}

TEST_CASE("untrained frames are dark, and own arrays begin neutral", "[learn][video]") {
  const VideoPredictor model({.size = 8});
  const Params own = model.own(2, DType::f64);
  CHECK(test::size_of(own["gamma1"] - 1) + test::size_of(own["beta3"]) == 0);
  const Params params = model.init(0, DType::f64);
  CHECK(params["decoder1.b"].to_vector() == std::vector<double>{-2});
  const Tensors frames = model.predict(params, own, some_frames({.size = 8}, 4, 2),
                                       some_actions({.size = 8}, 5, 2), 2);
  REQUIRE(frames.size() == 2);
  CHECK(frames[1].shape() == Shape{2, 1, 8, 8});
  for (const double pixel : frames[1].to_vector()) CHECK((pixel > 0 && pixel < 0.5));
}

TEST_CASE("true frames that a rollout made predict the same bits", "[learn][video]") {
  for (VideoOptions options : {tiny, VideoOptions{.size = 8}}) {
    const VideoPredictor model(options);
    const std::int64_t h = options.history, b = 3, steps = 4;
    const Params params = model.init(1, DType::f64), own = some_own(model, b);
    const Tensor actions = some_actions(options, h + steps - 1, b);
    Tensors frames = some_frames(options, h, b);
    const Tensors free = model.predict(params, own, frames, actions, steps);
    CHECK(same(free, model.predict_self_forced(params, own, frames, actions, steps)));
    frames.insert(frames.end(), free.begin(), free.end() - 1);
    CHECK(same(free, model.predict_each(params, own, frames, actions)));
    // other frames predict others
    frames[static_cast<std::size_t>(h)] = some_frames(options, h + 1, b).back();
    const Tensors others = model.predict_each(params, own, frames, actions);
    CHECK(difference(free[0], others[0]) == 0);
    CHECK(difference(free[1], others[1]) > 1e-6);
  }
}

TEST_CASE("every input of a predictor matters", "[learn][video]") {
  const VideoPredictor model(tiny);
  const Params params = model.init(1, DType::f64), own = some_own(model, 2);
  const auto at = [&](const std::tuple<Params, Params, Tensors, Tensor>& all) {
    const auto& [p, o, history, actions] = all;
    return sum(square(model.predict(p, o, history, actions, 2).back()));
  };
  const auto [d_params, d_own, d_history, d_actions] =
      grad(at, std::tuple(params, own, some_frames(tiny, 3, 2), some_actions(tiny, 4, 2)));
  for (const auto& [name, value] : d_params) {
    CAPTURE(name);
    CHECK(test::size_of(value) > 1e-9);
  }
  for (const auto& [name, value] : d_own) {
    CAPTURE(name);
    CHECK(test::size_of(value) > 1e-9);
  }
  for (const Tensor& frame : d_history) CHECK(test::size_of(frame) > 1e-9);
  // action t is seen by frame t + 1 and later ones: the first one by none
  for (std::int64_t t = 0; t < 4; ++t) {
    CHECK((test::size_of(slice(d_actions, 1, t, t + 1)) > 1e-9) == (t > 0));
  }
}

TEST_CASE("a sequence that is disturbed leaves the bits of all others in a rollout",
          "[learn][video]") {
  const VideoPredictor model(tiny);
  const std::int64_t b = 5, steps = 3;
  const auto run = [&](DType dtype, double bump) {
    Tensors history = some_frames(tiny, 3, b);
    history[1] = history[1] + pad(Tensor::full({1, 2, 16, 16}, bump), 0, 2, b - 3);
    for (Tensor& frame : history) frame = cast(frame, dtype);
    return model
        .predict(model.init(1, dtype), cast(some_own(model, b), dtype), history,
                 cast(some_actions(tiny, 5, b), dtype), steps)
        .back();
  };
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor before = run(dtype, 0), after = run(dtype, 0.1);
    for (std::int64_t i = 0; i < b; ++i) {
      const auto of = [&](const Tensor& x) { return slice(x, 0, i, i + 1).to_vector(); };
      CHECK((of(before) == of(after)) == (i != 2));
    }
  }
}

TEST_CASE("a sequence has the same bits in any batch", "[learn][video]") {
  const VideoPredictor model(tiny);
  const Params params = model.init(1, DType::f32), own = cast(some_own(model, 7), DType::f32);
  Tensors history = some_frames(tiny, 3, 7);
  for (Tensor& frame : history) frame = cast(frame, DType::f32);
  const Tensor actions = cast(some_actions(tiny, 5, 7), DType::f32);
  const auto only = [](const Tensor& x) { return slice(x, 0, 4, 5); };
  Tensors one;
  for (const Tensor& frame : history) one.push_back(only(frame));
  CHECK(only(model.predict(params, own, history, actions, 3).back()).to_vector() ==
        model.predict(params, map(own, only), one, only(actions), 3).back().to_vector());
}

TEST_CASE("the gradient through a rollout agrees with differences", "[learn][video]") {
  VideoOptions options = tiny;
  options.size = 8;
  options.channels = 1;
  options.memory = 2;
  const VideoPredictor model(options);
  const Tensors truth = some_frames(options, 3, 1);
  const auto loss = [&](const std::pair<Params, Params>& both) {
    const Tensors frames = model.predict(both.first, both.second, some_frames(options, 3, 1),
                                         some_actions(options, 5, 1), 3);
    Tensor total;
    for (std::size_t t = 0; t < 3; ++t) {
      total = accumulate(total, mean(square(frames[t] - truth[t])));
    }
    return total;
  };
  // leaky ReLU has kinks: a short step passes none, at the price of rounding, 2^-53 / step = 1e-10
  CHECK_NOTHROW(require_gradients(loss, std::pair(model.init(1, DType::f64), some_own(model, 1)),
                                  {.order = 2, .step = 1e-6}));
}

TEST_CASE("a self-forced gradient does not pass through the predicted pixels", "[learn][video]") {
  const VideoPredictor model(tiny);
  const Params params = model.init(1, DType::f64), own = some_own(model, 2);
  const Tensors history = some_frames(tiny, 3, 2);
  const Tensor actions = some_actions(tiny, 5, 2);
  const auto gradient = [&](auto predict) {
    return grad([&](const Params& at) { return sum(square(predict(at).back())); }, params);
  };
  const auto self = gradient(
      [&](const Params& at) { return model.predict_self_forced(at, own, history, actions, 3); });
  Tensors fed = history;
  for (const Tensor& frame : model.predict(params, own, history, actions, 2)) fed.push_back(frame);
  CHECK(difference(self, gradient([&](const Params& at) {
                     return model.predict_each(at, own, fed, actions);
                   })) == 0);
  CHECK(difference(self, gradient([&](const Params& at) {
                     return model.predict(at, own, history, actions, 3);
                   })) > 1e-6);
}

TEST_CASE("a video predictor is restored from its configuration", "[learn][video]") {
  const VideoPredictor model(tiny);
  CHECK(restore_video(model.configuration()).options() == tiny);
  CHECK(model.text() == "video 16x16x2, 2-4, code 3, LSTM 4 x 2, skips");
  CHECK(VideoPredictor({}).text() == "video 32x32x1, 8-16-32, code 32, LSTM 128");
  CHECK_THROWS_AS(restore_video({}), base::DataError);
  Configuration odd = model.configuration();
  odd[1].second = std::int64_t{20};
  CHECK(test::message_of<base::DataError>([&] { restore_video(odd); }) ==
        "a video predictor takes frames of 8, 16, 32, ..., 1024 pixels a side, not 20");
  CHECK_THROWS_AS(VideoPredictor({.size = std::int64_t{1} << 62}), base::UsageError);
}

TEST_CASE("frames and actions that do not fit are refused", "[learn][video]") {
  const auto with = [](std::int64_t frames, const VideoOptions& given, std::int64_t times) {
    const VideoPredictor model(tiny);
    return test::message_of<base::ShapeError>([&] {
      model.predict(model.init(0, DType::f64), model.own(2, DType::f64),
                    some_frames(given, frames, 2), some_actions(given, times, 2), 2);
    });
  };
  VideoOptions grey = tiny;
  grey.channels = 1;
  CHECK(with(2, tiny, 4) == "a video predictor sees 3 frames before it predicts, not 2");
  CHECK(with(4, tiny, 4) ==
        "2 steps after 4 frames were asked for, but at least 1 after 3 was expected");
  CHECK(with(3, grey, 4) == "frames of shape [2, 2, 16, 16] were expected, not [2, 1, 16, 16]");
  CHECK(with(3, tiny, 3) ==
        "actions of shape [2, 4, 2] or more times were expected, not [2, 3, 2]");
  CHECK(test::message_of<base::UsageError>([] { VideoPredictor({.history = 1}); }) ==
        "a video predictor begins with at least 2 frames, not 1");
  CHECK_THROWS_AS(VideoPredictor({.memory = 0}), base::UsageError);
}

}  // namespace noether::learn
