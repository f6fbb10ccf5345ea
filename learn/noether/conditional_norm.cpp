#include "learn/noether/conditional_norm.h"

#include <fmt/format.h>

#include "base/error.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {

Tensor conditional_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                        std::int64_t groups) {
  if (x.shape().rank() != 4 || groups < 1 || x.shape()[1] % groups != 0) {
    throw base::ShapeError(
        fmt::format("conditional_norm: [b, c, h, w] with c divisible by {} was "
                    "expected, not {}",
                    groups, to_string(x.shape())));
  }
  const std::int64_t b = x.shape()[0], c = x.shape()[1];
  const Tensor grouped = reshape(x, {b, groups, x.size() / (b * groups)});
  const Tensor centred = grouped - mean(grouped, 2, true);
  const Tensor variance = mean(square(centred), 2, true);
  const Tensor unit = reshape(centred / sqrt(variance + 1e-5), x.shape());
  return unit * reshape(gamma, {b, c, 1, 1}) + reshape(beta, {b, c, 1, 1});
}

Params initial_norms(std::int64_t b, const std::vector<std::int64_t>& channels, DType dtype) {
  Params norms;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    norms.add(fmt::format("gamma{}", i + 1), Tensor::full({b, channels[i]}, 1, dtype));
    norms.add(fmt::format("beta{}", i + 1), Tensor::full({b, channels[i]}, 0, dtype));
  }
  return norms;
}

}  // namespace noether::learn
