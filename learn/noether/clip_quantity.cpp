#include "learn/noether/clip_quantity.h"

#include <fmt/format.h>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/nn/layers.h"

namespace noether::learn {

namespace {

constexpr Window halving{.stride = 2, .padding = 2};  // of 5 x 5 kernels

std::int64_t halved(std::int64_t size) { return (size + 1) / 2; }

}  // namespace

Tensor clip_residuals(Form form, const Tensor& values, std::int64_t history) {
  const std::int64_t n = values.shape()[0], pairs = values.shape()[1], k = values.shape()[2];
  if (history < 2 || pairs < history) {
    throw base::ShapeError(fmt::format(
        "the Noether loss of films of {} frames, {} of them real: at least two real frames and a "
        "predicted one were expected",
        pairs + 1, history));
  }
  const Tensor now = slice(values, 1, history - 1, pairs);
  Tensor before;
  switch (form) {
    case Form::anchored:
      before = mean(slice(values, 1, 0, history - 1), 1, true);
      break;
    case Form::previous:
      before = slice(values, 1, history - 2, pairs - 1);
      break;
    default:
      throw base::UsageError("films have the Noether losses anchored and previous");
  }
  return reshape(now - before, {n, (pairs - history + 1) * k});
}

Tensor film_of(const Tensors& frames) {
  Tensors films;
  for (const Tensor& frame : frames) {
    const Shape& s = frame.shape();
    films.push_back(reshape(frame, {s[0], 1, s[1], s[2], s[3]}));
  }
  return concat(films, 1);
}

Tensor frame_pairs(const Tensors& frames) {
  const Tensor film = film_of(frames);
  const Shape& s = film.shape();
  const std::int64_t pairs = s[1] - 1;
  const Tensor both =
      concat(std::vector{slice(film, 1, 0, pairs), slice(film, 1, 1, pairs + 1)}, 2);
  return reshape(both, {s[0] * pairs, 2 * s[2], s[3], s[4]});
}

Params ConvQuantity::init(std::uint64_t seed, DType dtype) const {
  const std::int64_t last = halved(halved(size)), flat = width * last * last;
  InitialWeights weights(seed, dtype);
  weights.add("K1", {width, 2 * channels, 5, 5}, 50 * channels);
  weights.add("b1", {width}, 50 * channels);
  weights.add("K2", {width, width, 5, 5}, 25 * width);
  weights.add("b2", {width}, 25 * width);
  weights.add("W3", {outputs, flat}, flat);
  return weights.params();
}

Tensor ConvQuantity::operator()(const Params& phi, const Clips& clips) const {
  const std::int64_t n = clips.frames[0].shape()[0], pairs = std::ssize(clips.frames) - 1;
  Tensor h = frame_pairs(clips.frames);
  for (const char* layer : {"1", "2"}) {
    const std::string number = layer;
    h = tanh(conv2d(h, phi["K" + number], halving) + reshape(phi["b" + number], {1, width, 1, 1}));
  }
  const Tensor flat = reshape(h, {n * pairs, h.size() / (n * pairs)});
  return reshape(matmul(flat, phi["W3"], false, true), {n, pairs, outputs});
}

}  // namespace noether::learn
