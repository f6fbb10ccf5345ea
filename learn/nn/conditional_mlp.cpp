#include "learn/nn/conditional_mlp.h"

#include <fmt/format.h>

#include "learn/autodiff/ops.h"
#include "learn/nn/conditional_norm.h"

namespace noether::learn {

Tensor conditional_mlp(const Mlp& mlp, const Params& params, const Params& own, const Tensor& x) {
  Tensor h = x;
  for (int layer = 1; layer < mlp.layers(); ++layer) {
    const Tensor z = apply_layer(mlp, params, layer, h);
    h = tanh(own[fmt::format("gamma{}", layer)] * z + own[fmt::format("beta{}", layer)]);
  }
  return apply_layer(mlp, params, mlp.layers(), h);
}

Params initial_own(const Mlp& mlp, std::int64_t n, DType dtype) {
  return initial_norms(n, {mlp.widths.begin() + 1, mlp.widths.end() - 1}, dtype);
}

}  // namespace noether::learn
