#include "learn/noether/level_set.h"

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/multipliers.h"

namespace noether::learn {

namespace {

// grad g_j(x) [n, d] of each component
Tensors gradients(const Quantity& g, const Params& phi, const Tensor& x, std::int64_t components) {
  Tensors all;
  for (std::int64_t j = 0; j < components; ++j)
    all.push_back(grad([&](const Tensor& at) { return sum(column(g(phi, at), j)); }, x));
  return all;
}

Tensor onto_level_sets(const Quantity& g, const Params& phi, const Tensor& level, const Tensor& x,
                       int iterations, double epsilon) {
  const Tensors n = gradients(g, phi, x, level.shape()[1]);
  std::vector<Tensors> gram;
  for (std::size_t i = 0; i < n.size(); ++i) {
    gram.emplace_back();
    for (std::size_t j = 0; j <= i; ++j) gram.back().push_back(row_dot(n[i], n[j]));
  }
  // how far off all components are, each in units of its gradient
  const auto distance = [&](const Tensor& off) {
    Tensor total;
    for (std::size_t j = 0; j < n.size(); ++j) {
      const Tensor part =
          square(column(off, static_cast<std::int64_t>(j))) / shift(gram[j][j], epsilon);
      total = total.defined() ? total + part : part;
    }
    return total;
  };
  Tensor projected = x, off = g(phi, x) - level;
  Tensor damping = Tensor::full({x.shape()[0], 1}, 1, x.dtype());
  for (int i = 0; i < iterations; ++i) {
    const Tensor newton = combination(n, multipliers(gram, off, epsilon));
    const Tensor next = projected - scale_rows(newton, damping);
    const Tensor is_nearer = step(distance(off) - distance(g(phi, next) - level));
    projected = projected + scale_rows(next - projected, is_nearer);
    off = g(phi, projected) - level;
    damping = damping * shift(scale(is_nearer, 0.5), 0.5);
  }
  return projected;
}

}  // namespace

AfterStep onto_level_set(const Quantity& g, const Params& phi, int iterations, double epsilon) {
  return [=](const Tensor& x0, const Tensor& x) {
    const Tensor level = g(phi, x0);
    if (level.shape()[1] > 1) return onto_level_sets(g, phi, level, x, iterations, epsilon);
    const Tensor n = grad([&](const Tensor& at) { return sum(g(phi, at)); }, x);
    const Tensor squared_length = shift(row_dot(n, n), epsilon);
    Tensor projected = x;
    for (int i = 0; i < iterations; ++i)
      projected = projected - scale_rows(n, (g(phi, projected) - level) / squared_length);
    return projected;
  };
}

}  // namespace noether::learn
