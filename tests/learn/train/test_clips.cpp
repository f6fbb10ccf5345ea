#include "learn/train/clips.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/train/minibatch.h"
#include "tests/learn/noether/comparison.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

using test::difference;

constexpr std::int64_t sequences = 24;
const VideoOptions small{.size = 8, .features = 4, .code = 8, .memory = 16, .history = 3};

// A bright column in each frame, which the actions move to and fro.
Clips moving_columns(std::span<const std::int64_t> chosen, std::int64_t times, DType dtype) {
  const std::int64_t b = std::ssize(chosen), size = small.size;
  std::vector<std::vector<double>> frames(static_cast<std::size_t>(times));
  std::vector<double> actions;
  for (const std::int64_t sequence : chosen) {
    std::int64_t place = sequence % size;
    for (std::int64_t t = 0; t < times; ++t) {
      for (std::int64_t i = 0; i < size * size; ++i) {
        frames[static_cast<std::size_t>(t)].push_back(i % size == place ? 1 : 0);
      }
      const std::int64_t move = (sequence / 3 + t) % 3 - 1;
      if (t + 1 < times) actions.push_back(static_cast<double>(move));
      place = (place + move + size) % size;
    }
  }
  Clips clips;
  for (const auto& frame : frames) {
    clips.frames.push_back(cast(Tensor::from<double>(frame, {b, 1, size, size}), dtype));
  }
  clips.actions = cast(Tensor::from<double>(actions, {b, times - 1, 1}), dtype);
  return clips;
}
ClipSource source(DType dtype) {
  return [dtype](std::span<const std::int64_t> chosen, std::int64_t times) {
    return moving_columns(chosen, times, dtype);
  };
}

ClipObjectiveOptions options() {
  return {.sequences = sequences,
          .batch = 12,
          .history = small.history,
          .curriculum = {{.5, 2}, {1, 4}},
          .piece = 5};
}

}  // namespace

TEST_CASE("the horizon grows by shares of the steps", "[learn][train]") {
  const auto at = [](std::int64_t step) {
    return horizon_at(growing_horizon, {.step = step, .steps = 100});
  };
  CHECK((at(0) == 3 && at(9) == 3));
  CHECK((at(10) == 8 && at(29) == 8));
  CHECK((at(30) == 16 && at(54) == 16));
  // and stays there for the check after the last step
  CHECK((at(55) == 26 && at(99) == 26 && at(100) == 26));
  CHECK_THROWS_AS(horizon_at({}, {}), base::UsageError);
  CHECK_THROWS_AS(horizon_at({{.5, 3}}, {.step = 7, .steps = 10}), base::UsageError);
}

TEST_CASE("the loss of clips is the mean square over sequences, frames and pixels",
          "[learn][train]") {
  const VideoPredictor model(small);
  const Params params = model.init(2, DType::f64);
  const TrainingStep now{.step = 0, .steps = 10, .seed = 3};
  const Objective objective = clip_objective(prediction_loss(model), source(DType::f64), options());
  // the same batch at once
  const auto chosen = Minibatches(sequences, 12).rows(now);
  const Clips clips = moving_columns(chosen, 5, DType::f64);
  const auto whole = value_and_grad(
      [&](const Params& at) {
        const Tensors seen(clips.frames.begin(), clips.frames.begin() + 3);
        const Tensors made = model.predict(at, model.own(12, DType::f64), seen, clips.actions, 2);
        return (mean(square(made[0] - clips.frames[3])) + mean(square(made[1] - clips.frames[4]))) /
               2.0;
      },
      params);
  const auto in_pieces = objective.value_and_gradient(params, now);
  // the same terms, added in another order
  CHECK(difference(in_pieces.value, whole.value) < 1e-13);
  CHECK(difference(in_pieces.grad, whole.grad) < 1e-13);
  CHECK(difference(objective.value(params, now), in_pieces.value) == 0);
  CHECK(test::size_of(whole.grad) > 1e-4);
}

TEST_CASE("any number of threads gives the same bits of a gradient of clips", "[learn][train]") {
  const VideoPredictor model(small);
  const Params params = model.init(2, DType::f32);
  const auto of_jobs = [&](int jobs) {
    ClipObjectiveOptions with = options();
    with.jobs = jobs;
    return clip_objective(prediction_loss(model), source(DType::f32), with)
        .value_and_gradient(params, {.step = 7, .steps = 10});
  };
  const auto one = of_jobs(1), two = of_jobs(2), three = of_jobs(3);
  for (const auto* other : {&two, &three}) {
    CHECK(one.value.item() == other->value.item());
    for (const auto& [name, value] : one.grad) {
      CHECK(value.to_vector() == other->grad[name].to_vector());
    }
  }
}

TEST_CASE("training a video predictor lowers its loss, in pieces of time with the same bits",
          "[learn][train]") {
  const VideoPredictor model(small);
  const Training training{.steps = 100,
                          .adam = {.learning_rate = 1e-2},
                          .schedule = Schedule::cosine,
                          .final_share = 0.02,
                          .warmup_steps = 5,
                          .clip_norm = 0.2};
  const auto objective = [&] {
    return clip_objective(prediction_loss(model), source(DType::f32), options());
  };
  const TrainingState start = initial_training_state(model.init(1, DType::f32));
  std::vector<TrainingState> at_25;
  const Hook keep{25, [&](const TrainingState& state) { at_25.push_back(state); }};
  const TrainingState whole = train(training, start, objective(), {keep});
  const TrainingState resumed = train(training, at_25.at(0), objective());
  for (const auto& [name, value] : whole.params) {
    CHECK(value.to_vector() == resumed.params[name].to_vector());
  }
  // the best constant frame has an eighth of its columns bright: .125 - .125^2 = .109
  const TrainingStep end{.step = 100, .steps = 100};
  CHECK(objective().value(start.params, end).item() > 0.1);
  CHECK(objective().value(whole.params, end).item() < 0.08);
}

}  // namespace noether::learn
