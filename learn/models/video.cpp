#include "learn/models/video.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/trace.h"

namespace noether::learn {

namespace {

constexpr std::string_view name = "video";
constexpr std::int64_t smallest = 4;  // pixels of a side, between encoder and decoder
constexpr std::int64_t largest = 1024;
constexpr double slope = 0.2;      // of leaky ReLU
constexpr double first_bias = -2;  // of pixels

void check_options(const VideoOptions& options) {
  const auto fail = [](const std::string& what) {
    throw base::UsageError("a video predictor " + what);
  };
  std::int64_t size = smallest;
  while (size < options.size && size < largest) size *= 2;
  if (size != options.size || size == smallest) {
    fail(fmt::format("takes frames of 8, 16, 32, ..., {} pixels a side, not {}", largest,
                     options.size));
  }
  if (std::min({options.channels, options.features, options.code, options.memory,
                options.lstm_layers, options.actions}) < 1) {
    fail("needs at least one channel, feature, LSTM layer, and value of code, memory and action");
  }
  if (options.history < 2) {
    fail(fmt::format("begins with at least 2 frames, not {}", options.history));
  }
}

// x of b sequences, n times one after the other: [n b, ...], as they are batched over time
Tensor repeated(const Tensor& x, std::int64_t n) {
  return concat(Tensors(static_cast<std::size_t>(n), x), 0);
}

std::vector<NormLayer::Joined> repeated(std::vector<NormLayer::Joined> norms, std::int64_t n) {
  for (auto& [scale, shift] : norms) {
    scale = repeated(scale, n);
    shift = repeated(shift, n);
  }
  return norms;
}

// [n b, ...] of n times -> n of [b, ...]
Tensors each_time(const Tensor& x, std::int64_t n) {
  const std::int64_t b = x.shape()[0] / n;
  Tensors each;
  for (std::int64_t t = 0; t < n; ++t) each.push_back(slice(x, 0, t * b, (t + 1) * b));
  return each;
}

}  // namespace

VideoPredictor::VideoPredictor(const VideoOptions& options) : options_(options) {
  check_options(options);
  const auto add_norm = [&](std::int64_t width) {
    norms_.push_back({static_cast<int>(norms_.size()) + 1, width});
  };
  std::int64_t channels = 2 * options.channels, wider = options.features;
  for (std::int64_t size = options.size; size > smallest; size /= 2, channels = wider, wider *= 2) {
    encoder_.push_back({fmt::format("encoder{}", levels() + 1), channels, wider});
    add_norm(wider);
  }
  const std::int64_t values = channels * smallest * smallest;
  to_code_ = {"to_code", values, options.code};
  add_norm(options.code);
  for (std::int64_t i = 0; i < options.lstm_layers; ++i) {
    const std::int64_t in = i == 0 ? options.code + options.actions : options.memory;
    cells_.push_back({fmt::format("lstm{}", i + 1), in, options.memory});
  }
  from_memory_ = {"from_memory", options.memory, options.code};
  to_images_ = {"to_images", options.code, values};
  for (std::int64_t level = levels(); level > 0; --level, channels /= 2) {
    add_norm(channels);
    decoder_.push_back({fmt::format("decoder{}", level), options.skips ? 2 * channels : channels,
                        level == 1 ? options.channels : channels / 2});
  }
}

std::string_view VideoPredictor::kind() const { return name; }

Configuration VideoPredictor::configuration() const {
  return {{"channels", options_.channels}, {"size", options_.size},
          {"features", options_.features}, {"code", options_.code},
          {"memory", options_.memory},     {"lstm_layers", options_.lstm_layers},
          {"actions", options_.actions},   {"history", options_.history},
          {"skips", options_.skips}};
}

std::string VideoPredictor::text() const {
  std::vector<std::int64_t> widths;
  for (const HalvingLayer& layer : encoder_) widths.push_back(layer.out);
  return fmt::format("{} {}x{}x{}, {}, code {}, LSTM {}{}{}", name, options_.size, options_.size,
                     options_.channels, fmt::join(widths, "-"), options_.code, options_.memory,
                     options_.lstm_layers == 1 ? "" : fmt::format(" x {}", options_.lstm_layers),
                     options_.skips ? ", skips" : "");
}

Params VideoPredictor::init(std::uint64_t seed, DType dtype) const {
  InitialWeights weights(seed, dtype);
  for (const HalvingLayer& layer : encoder_) layer.add_to(weights);
  to_code_.add_to(weights);
  for (const LstmCell& cell : cells_) cell.add_to(weights);
  from_memory_.add_to(weights);
  to_images_.add_to(weights);
  for (const DoublingLayer& layer : decoder_) layer.add_to(weights);
  for (const NormLayer& norm : norms_) norm.add_to(weights);
  weights.set(decoder_.back().name + ".b", 0, options_.channels, first_bias);
  return weights.params();
}

Params VideoPredictor::own(std::int64_t b, DType dtype) const {
  std::vector<std::int64_t> channels;
  for (const NormLayer& norm : norms_) channels.push_back(norm.channels);
  return initial_norms(b, channels, dtype);
}

VideoPredictor::Norms VideoPredictor::join_norms(const Params& params, const Params& own) const {
  Norms joined;
  for (const NormLayer& norm : norms_) joined.push_back(norm.join(params, own));
  return joined;
}

// Of n frames, n - 1 pairs of neighbours; `norms` have a row for each of them.
VideoPredictor::Encoded VideoPredictor::encode(const Params& params, const Norms& norms,
                                               const Tensors& frames) const {
  const std::span all(frames);
  const std::size_t pairs = frames.size() - 1;
  Tensor x = concat(Tensors{concat(all.first(pairs), 0), concat(all.last(pairs), 0)}, 1);
  Encoded encoded;
  for (std::size_t i = 0; i < encoder_.size(); ++i) {
    x = leaky_relu(normalize(encoder_[i](params, x), norms[i]), slope);
    encoded.features.push_back(x);
  }
  const Tensor flat = reshape(x, {x.shape()[0], to_code_.in});
  encoded.code = tanh(normalize(to_code_(params, flat), norms[encoder_.size()]));
  return encoded;
}

VideoPredictor::Seen VideoPredictor::see(const Params& params, const Norms& norms,
                                         const Tensors& frames, const Tensor& actions) const {
  const std::int64_t pairs = std::ssize(frames) - 1, b = frames[0].shape()[0];
  const Encoded encoded = encode(params, repeated(norms, pairs), frames);
  const Tensors codes = each_time(encoded.code, pairs);
  Seen seen;
  for (const LstmCell& cell : cells_) seen.memory.push_back(cell.start(b, frames[0].dtype()));
  for (std::int64_t t = 1; t <= pairs; ++t) {
    seen.memory = remember(params, codes[static_cast<std::size_t>(t - 1)], actions, t, seen.memory);
    if (t >= options_.history - 1) seen.outputs.push_back(seen.memory.back().h);
  }
  if (options_.skips) {
    const std::int64_t last = options_.history - 2;  // pair of history
    for (const Tensor& x : encoded.features)
      seen.skipped.push_back(slice(x, 0, last * b, (last + 1) * b));
  }
  return seen;
}

// The cells after action t.
VideoPredictor::Memory VideoPredictor::remember(const Params& params, const Tensor& code,
                                                const Tensor& actions, std::int64_t t,
                                                const Memory& before) const {
  const Tensor action = reshape(slice(actions, 1, t, t + 1), {code.shape()[0], options_.actions});
  Tensor x = concat(Tensors{code, action}, 1);
  Memory after;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    after.push_back(cells_[i](params, x, before[i]));
    x = after.back().h;
  }
  return after;
}

// The frames [n, channels, size, size] from h [n, memory] of the last cell.
Tensor VideoPredictor::decode(const Params& params, const Norms& norms, const Tensor& h,
                              const Tensors& skipped) const {
  const Tensor flat = to_images_(params, tanh(from_memory_(params, h)));
  Tensor x =
      reshape(flat, {h.shape()[0], norms_.at(encoder_.size() + 1).channels, smallest, smallest});
  for (std::size_t i = 0; i < decoder_.size(); ++i) {
    x = leaky_relu(normalize(x, norms[encoder_.size() + 1 + i]), slope);
    if (options_.skips) x = concat(Tensors{x, skipped[decoder_.size() - 1 - i]}, 1);
    x = decoder_[i](params, x);
  }
  return sigmoid(x);
}

void VideoPredictor::check(const Tensors& frames, const Tensor& actions, std::int64_t times) const {
  if (std::ssize(frames) < options_.history) {
    throw base::ShapeError(
        fmt::format("a video predictor sees {} frames before it predicts, not {}", options_.history,
                    frames.size()));
  }
  const Shape expected{frames[0].shape()[0], options_.channels, options_.size, options_.size};
  for (const Tensor& frame : frames) {
    if (frame.shape() == expected) continue;
    throw base::ShapeError(fmt::format("frames of shape {} were expected, not {}",
                                       to_string(expected), to_string(frame.shape())));
  }
  const Shape& given = actions.shape();
  if (given.rank() == 3 && given[0] == expected[0] && given[1] >= times &&
      given[2] == options_.actions) {
    return;
  }
  throw base::ShapeError(fmt::format("actions of shape {} or more times were expected, not {}",
                                     to_string(Shape{expected[0], times, options_.actions}),
                                     to_string(given)));
}

Tensors VideoPredictor::predict(const Params& params, const Params& own, const Tensors& history,
                                const Tensor& actions, std::int64_t steps) const {
  check(history, actions, options_.history + steps - 1);
  if (std::ssize(history) != options_.history || steps < 1) {
    throw base::ShapeError(
        fmt::format("{} steps after {} frames were asked for, but at least 1 after {} was expected",
                    steps, history.size(), options_.history));
  }
  const Norms norms = join_norms(params, own);
  auto [memory, outputs, skipped] = see(params, norms, history, actions);
  Tensors predicted, last_two{history.back()};
  for (std::int64_t t = options_.history;; ++t) {
    predicted.push_back(decode(params, norms, memory.back().h, skipped));
    if (std::ssize(predicted) == steps) return predicted;
    last_two = {last_two.back(), predicted.back()};
    memory = remember(params, encode(params, norms, last_two).code, actions, t, memory);
  }
}

Tensors VideoPredictor::predict_each(const Params& params, const Params& own, const Tensors& frames,
                                     const Tensor& actions) const {
  check(frames, actions, std::ssize(frames));
  const Norms norms = join_norms(params, own);
  const Seen seen = see(params, norms, frames, actions);
  const std::int64_t times = std::ssize(seen.outputs);
  Tensors skipped;
  for (const Tensor& x : seen.skipped) skipped.push_back(repeated(x, times));
  return each_time(decode(params, repeated(norms, times), concat(seen.outputs, 0), skipped), times);
}

Tensors VideoPredictor::predict_self_forced(const Params& params, const Params& own,
                                            const Tensors& history, const Tensor& actions,
                                            std::int64_t steps) const {
  Tensors frames = history;
  if (steps > 1) {
    Tensors constants;
    for (const Tensor& frame : history) constants.push_back(stop_gradient(frame));
    for (Tensor& frame : predict(stop_gradient(params), stop_gradient(own), constants,
                                 stop_gradient(actions), steps - 1)) {
      frames.push_back(std::move(frame));
    }
  }
  return predict_each(params, own, frames, actions);
}

VideoPredictor restore_video(const Configuration& configuration) {
  const auto number = [&](std::string_view key) {
    return value_of<std::int64_t>(configuration, key);
  };
  const VideoOptions options{.channels = number("channels"),
                             .size = number("size"),
                             .features = number("features"),
                             .code = number("code"),
                             .memory = number("memory"),
                             .lstm_layers = number("lstm_layers"),
                             .actions = number("actions"),
                             .history = number("history"),
                             .skips = value_of<bool>(configuration, "skips")};
  try {
    return VideoPredictor(options);
  } catch (const base::UsageError& error) {
    throw base::DataError(error.what());
  }
}

ModelKind video_kind() {
  return {.name = name,
          .row = name,
          .description =
              "predicts the frames of an episode from frames and actions (Denton and Fergus 2018, "
              "without sampling)",
          .predicts = Predicts::frames,
          .make = nullptr,
          .restore = [](const Configuration& configuration) -> ModelPtr {
            return std::make_shared<VideoPredictor>(restore_video(configuration));
          }};
}

}  // namespace noether::learn
