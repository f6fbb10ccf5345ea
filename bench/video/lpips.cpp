#include "bench/video/lpips.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text_file.h"
#include "dataset/store/dataset_file.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using base::DataError;
using learn::Shape;
using learn::Tensor;

// How AlexNet passes from one layer's features to the next.
struct Step {
  bool is_pooled_before;  // largest of 3 x 3, stride 2
  learn::Window window;
};
constexpr std::array<Step, 5> steps{{{false, {.stride = 4, .padding = 2}},
                                     {true, {.padding = 2}},
                                     {true, {.padding = 1}},
                                     {false, {.padding = 1}},
                                     {false, {.padding = 1}}}};
// the smallest frame that the first convolution and two poolings leave a pixel of
constexpr std::int64_t least_px = 31;

class WeightFile {
 public:
  explicit WeightFile(const std::filesystem::path& path) : file_(dataset::open_h5(path)) {}

  Tensor read(const std::string& array, const Shape& shape) const {
    if (!file_.contains(array)) refuse(fmt::format("it has no array '{}'", array));
    const auto stored = file_.describe(array).shape;
    const dataset::Shape expected(shape.extents().begin(), shape.extents().end());
    if (stored != expected) {
      refuse(fmt::format("'{}' has shape {}; {} was expected", array, dataset::shape_text(stored),
                         dataset::shape_text(expected)));
    }
    const auto values = dataset::read_array<float>(file_, array);
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
      refuse(fmt::format("'{}' holds a number that is not finite", array));
    return Tensor::from<float>(values, shape);
  }

  // whose values are at least 0
  Tensor read_weights(const std::string& array, const Shape& shape) const {
    const Tensor values = read(array, shape);
    if (std::ranges::any_of(values.data<float>(), [](float value) { return value < 0; }))
      refuse(fmt::format("'{}' holds a negative number, as no trained weights do", array));
    return values;
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    throw DataError(
        fmt::format("'{}' holds no weights of LPIPS: {}", file_.path().string(), reason));
  }

 private:
  dataset::H5File file_;
};

// x [n, c, h, w] -> [n, c, (h - 3) / 2 + 1, (w - 3) / 2 + 1]: the largest of 3 x 3, stride 2
template <class T>
Tensor max_pool_of(const Tensor& x) {
  const Shape& in = x.shape();
  const std::int64_t rows = (in[2] - 3) / 2 + 1, columns = (in[3] - 3) / 2 + 1;
  const auto values = x.data<T>();
  return Tensor::build<T>({in[0], in[1], rows, columns}, [&](std::span<T> out) {
    for (std::int64_t i = 0; i < std::ssize(out); ++i) {
      const std::int64_t plane = i / (rows * columns), place = i % (rows * columns);
      const T* first =
          values.data() + (plane * in[2] + place / columns * 2) * in[3] + place % columns * 2;
      T most = *first;
      for (std::int64_t row = 0; row < 3; ++row)
        most = std::max(most, *std::max_element(first + row * in[3], first + row * in[3] + 3));
      out[static_cast<std::size_t>(i)] = most;
    }
  });
}

Tensor max_pool(const Tensor& x) {
  return x.dtype() == learn::DType::f32 ? max_pool_of<float>(x) : max_pool_of<double>(x);
}

// a value a channel as [1, k, 1, 1]
Tensor by_channel(const Tensor& values) { return reshape(values, {1, values.size(), 1, 1}); }

// features [n, k, h, w] divided by their length over the channels
Tensor normalised(const Tensor& features) {
  return features / (sqrt(sum(square(features), 1, true)) + 1e-10);
}

// [n, c, h, w] in [0, 1] as the network expects it, [n, 3, h, w]
Tensor prepared(const LpipsWeights& weights, const Tensor& frames) {
  const Tensor x = cast(frames, weights.shift.dtype());
  const Shape& shape = x.shape();
  const Tensor colour = broadcast_to(x, {shape[0], 3, shape[2], shape[3]});
  return (2 * colour - 1 - by_channel(weights.shift)) / by_channel(weights.scale);
}

void check_frames(const Tensor& predicted, const Tensor& truth) {
  const Shape& shape = truth.shape();
  if (predicted.shape() != shape || shape.rank() != 4 || (shape[1] != 1 && shape[1] != 3)) {
    throw base::ShapeError(
        fmt::format("lpips: frames are {} and {}; one shape [n, c, h, w] with c = 1 or 3 was "
                    "expected",
                    to_string(predicted.shape()), to_string(shape)));
  }
  if (shape[2] >= least_px && shape[3] >= least_px) return;
  throw base::ShapeError(
      fmt::format("lpips: frames of {} x {} px are smaller than {} x {} px, of which its network "
                  "leaves one pixel",
                  shape[2], shape[3], least_px, least_px));
}

}  // namespace

LpipsWeights read_lpips_weights(const std::filesystem::path& path) {
  const WeightFile file(path);
  const std::array<Shape, 5> shapes{
      {{64, 3, 11, 11}, {192, 64, 5, 5}, {384, 192, 3, 3}, {256, 384, 3, 3}, {256, 256, 3, 3}}};
  LpipsWeights weights{.layers = {},
                       .shift = file.read("shift", {3}),
                       .scale = file.read_weights("scale", {3}),
                       .sha256 = base::sha256_hex(base::read_text(path))};
  if (std::ranges::count(weights.scale.data<float>(), 0.0F) > 0)
    file.refuse("'scale' holds a zero");
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Shape channels{shapes.at(i)[0]};
    weights.layers.push_back(
        {.weight = file.read(fmt::format("conv{}/weight", i + 1), shapes.at(i)),
         .bias = file.read(fmt::format("conv{}/bias", i + 1), channels),
         .lin = file.read_weights(fmt::format("lin{}", i), channels)});
  }
  return weights;
}

std::vector<double> lpips(const LpipsWeights& weights, const Tensor& predicted,
                          const Tensor& truth) {
  check_frames(predicted, truth);
  Tensor x = prepared(weights, predicted), y = prepared(weights, truth), total;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const LpipsLayer& layer = weights.layers.at(i);
    const auto next = [&](const Tensor& features) {
      const Tensor in = steps.at(i).is_pooled_before ? max_pool(features) : features;
      return relu(conv2d(in, layer.weight, steps.at(i).window) + by_channel(layer.bias));
    };
    x = next(x);
    y = next(y);
    const Tensor distance = sum(square(normalised(x) - normalised(y)) * by_channel(layer.lin), 1);
    const Shape& shape = distance.shape();  // [n, h, w]
    const Tensor part = mean(reshape(distance, {shape[0], shape[1] * shape[2]}), 1);
    total = total.defined() ? total + part : part;
  }
  return total.to_vector();
}

}  // namespace noether::bench
