#include "learn/noether/level_set.h"

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

AfterStep onto_level_set(const Quantity& g, const Params& phi, int iterations, double epsilon) {
  return [=](const Tensor& x0, const Tensor& x) {
    const Tensor level = g(phi, x0);
    const Tensor n = grad([&](const Tensor& at) { return sum(g(phi, at)); }, x);
    const Tensor squared_length = shift(row_dot(n, n), epsilon);
    Tensor projected = x;
    for (int i = 0; i < iterations; ++i)
      projected = projected - scale_rows(n, (g(phi, projected) - level) / squared_length);
    return projected;
  };
}

}  // namespace noether::learn
