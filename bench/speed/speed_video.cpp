// How long one step of training a video predictor takes, as it is and through an inner step, on one
// thread: the same work as bench/peers/video.py.

#include <benchmark/benchmark.h>

#include "base/random.h"
#include "learn/noether/tailored_video.h"
#include "learn/noether/work_quantity.h"
#include "learn/tensor/buffer.h"
#include "learn/train/clips.h"

namespace {

namespace learn = noether::learn;
using learn::DType;
using learn::Tensor;

Tensor uniform(const learn::Shape& shape, double low, double high, std::uint64_t index) {
  noether::base::RandomStream random(0, noether::base::Purpose::initial_state, index);
  return Tensor::build<float>(shape, [&](std::span<float> out) {
    for (float& value : out) value = static_cast<float>(random.uniform(low, high));
  });
}

// Frames of noise: values do not change the work.
learn::Clips noise(const learn::VideoOptions& of, std::int64_t b, std::int64_t times) {
  learn::Clips clips;
  for (std::int64_t t = 0; t < times; ++t) {
    const auto index = static_cast<std::uint64_t>(t);
    clips.frames.push_back(uniform({b, of.channels, of.size, of.size}, 0, 1, index));
  }
  clips.actions = uniform({b, times - 1, of.actions}, -1, 1, 999);
  return clips;
}

using MakeLoss = learn::ClipLoss (*)(const learn::VideoPredictor&);

// Forward, backward, clipping, Adam and reading the loss, free-running over 26 frames; the
// arguments are pixels, channels of a frame, features, batch and the sequences that are computed
// together.
void train_step(benchmark::State& state, MakeLoss make_loss) {
  const learn::VideoPredictor model(
      {.channels = state.range(1), .size = state.range(0), .features = state.range(2)});
  constexpr std::int64_t horizon = 26;
  const std::int64_t batch = state.range(3);
  std::vector<learn::Clips> pieces;
  const std::int64_t piece = std::min(batch, state.range(4)), history = model.options().history;
  for (std::int64_t i = 0; i < batch / piece; ++i)
    pieces.push_back(noise(model.options(), piece, history + horizon));
  std::size_t asked = 0;
  const learn::ClipSource source = [&](std::span<const std::int64_t>, std::int64_t) {
    return pieces[asked++ % pieces.size()];
  };
  const learn::Objective objective = clip_objective(
      make_loss(model), source,
      {.sequences = batch, .batch = batch, .curriculum = {{1, horizon}}, .piece = piece});
  // not to fall within what is measured
  learn::Training training{.steps = 2, .adam = {.learning_rate = 1e-4}, .clip_norm = 0.2};
  auto now = train(training, initial_training_state(model.init(0, DType::f32)), objective);
  const learn::Objective no_check{
      objective.value_and_gradient,
      [](const learn::Params&, const learn::TrainingStep&) { return Tensor::scalar(0); }};
  learn::reset_buffer_peak();
  for (auto _ : state) {
    ++training.steps;
    now = train(training, std::move(now), no_check);
  }
  state.counters["peak_MiB"] =
      static_cast<double>(learn::buffer_statistics().peak_bytes) / (1 << 20);
  state.counters["allocated"] = static_cast<double>(learn::buffer_statistics().allocated);
  state.counters["loss_first"] = now.first_loss;
  state.counters["loss_last"] = now.loss;
}

learn::ClipLoss plain(const learn::VideoPredictor& model) { return prediction_loss(model); }

// Through .3 of Polyak's step on energy minus work, with new weights that stay as they are.
learn::ClipLoss through_inner_step(const learn::VideoPredictor& model) {
  const auto& of = model.options();
  const learn::WorkQuantity g{.pixels = of.channels * of.size * of.size, .actions = of.actions};
  return tailored_prediction_loss(
      model, {.quantity = frozen(g, g.init(0, DType::f32)),
              .step = {.rule = learn::StepRule::polyak, .share = 0.3, .by_query = true}});
}

void presets(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"px", "channels", "nf", "batch", "piece"})
      ->Args({16, 1, 8, 32, 16})
      ->Args({32, 1, 8, 16, 8})
      ->Args({64, 3, 16, 4, 4})
      ->Unit(benchmark::kMillisecond);
}
BENCHMARK_CAPTURE(train_step, video, plain)->Name("video")->Apply(presets);
BENCHMARK_CAPTURE(train_step, noether, through_inner_step)->Name("noether")->Apply(presets);

}  // namespace
