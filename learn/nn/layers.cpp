#include "learn/nn/layers.h"

#include <cmath>

#include "base/random.h"

namespace noether::learn {

namespace {

constexpr std::int64_t kernel = 4;
constexpr Window window{.stride = 2, .padding = 1};

// x [n, c, h, w] plus b [c]
Tensor with_bias(const Tensor& x, const Tensor& b) { return x + reshape(b, {b.size(), 1, 1}); }

}  // namespace

void InitialWeights::add(const std::string& name, const Shape& shape, std::int64_t fan_in) {
  base::RandomStream random(seed_, base::Purpose::weights, params_.size());
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  const Tensor values = Tensor::build<double>(shape, [&](std::span<double> out) {
    for (double& value : out) value = random.uniform(-bound, bound);
  });
  params_.add(name, cast(values, dtype_));
}

void InitialWeights::add_full(const std::string& name, const Shape& shape, double value) {
  params_.add(name, Tensor::full(shape, value, dtype_));
}

void InitialWeights::set(const std::string& name, std::int64_t begin, std::int64_t end,
                         double value) {
  const Tensor& old = params_[name];
  const Tensor middle = Tensor::full({end - begin}, value, dtype_);
  const Tensors parts{slice(old, 0, 0, begin), middle, slice(old, 0, end, old.size())};
  params_ = params_.with(name, concat(parts, 0));
}

void LinearLayer::add_to(InitialWeights& weights) const {
  weights.add(name + ".W", {out, in}, in);
  weights.add(name + ".b", {out}, in);
}

Tensor LinearLayer::operator()(const Params& params, const Tensor& x) const {
  return linear(x, params[name + ".W"], params[name + ".b"]);
}

void HalvingLayer::add_to(InitialWeights& weights) const {
  const std::int64_t fan_in = in * kernel * kernel;
  weights.add(name + ".W", {out, in, kernel, kernel}, fan_in);
  weights.add(name + ".b", {out}, fan_in);
}

Tensor HalvingLayer::operator()(const Params& params, const Tensor& x) const {
  return with_bias(conv2d(x, params[name + ".W"], window), params[name + ".b"]);
}

void DoublingLayer::add_to(InitialWeights& weights) const {
  // a pixel lies under every second row and column of the kernel
  const std::int64_t fan_in = in * kernel * kernel / (window.stride * window.stride);
  weights.add(name + ".W", {in, out, kernel, kernel}, fan_in);
  weights.add(name + ".b", {out}, fan_in);
}

Tensor DoublingLayer::operator()(const Params& params, const Tensor& x) const {
  const Shape doubled{x.shape()[0], out, 2 * x.shape()[2], 2 * x.shape()[3]};
  return with_bias(conv2d_dx(x, params[name + ".W"], doubled, window), params[name + ".b"]);
}

}  // namespace noether::learn
