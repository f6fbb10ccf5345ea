#include "learn/nn/conditional_norm.h"

#include <fmt/format.h>

#include "base/error.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {

namespace {

constexpr double epsilon = 1e-5;

}  // namespace

Tensor conditional_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                        std::int64_t groups) {
  if (x.shape().rank() != 4 || groups < 1 || x.shape()[1] % groups != 0) {
    throw base::ShapeError(
        fmt::format("conditional_norm: [b, c, h, w] with c divisible by {} was "
                    "expected, not {}",
                    groups, to_string(x.shape())));
  }
  const std::int64_t rows = x.shape()[0] * groups, planes = x.shape()[0] * x.shape()[1];
  const Tensor unit = standardize(reshape(x, {rows, x.size() / rows}), epsilon);
  const Tensor scaled =
      scale_rows(reshape(unit, {planes, x.size() / planes}), reshape(gamma, {planes, 1}));
  return reshape(scaled + reshape(beta, {planes, 1}), x.shape());
}

Params initial_norms(std::int64_t b, const std::vector<std::int64_t>& channels, DType dtype) {
  Params norms;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    norms.add(fmt::format("gamma{}", i + 1), Tensor::full({b, channels[i]}, 1, dtype));
    norms.add(fmt::format("beta{}", i + 1), Tensor::full({b, channels[i]}, 0, dtype));
  }
  return norms;
}

void NormLayer::add_to(InitialWeights& weights) const {
  weights.add_full(fmt::format("norm{}.scale", number), {channels}, 1);
  weights.add_full(fmt::format("norm{}.shift", number), {channels}, 0);
}

NormLayer::Joined NormLayer::join(const Params& params, const Params& own) const {
  const Tensor& gamma = own[fmt::format("gamma{}", number)];
  const Tensor& beta = own[fmt::format("beta{}", number)];
  return {gamma * params[fmt::format("norm{}.scale", number)],
          gamma * params[fmt::format("norm{}.shift", number)] + beta};
}

Tensor normalize(const Tensor& x, const NormLayer::Joined& norm) {
  if (x.shape().rank() == 2) return standardize(x, epsilon) * norm.scale + norm.shift;
  return conditional_norm(x, norm.scale, norm.shift, 1);
}

}  // namespace noether::learn
