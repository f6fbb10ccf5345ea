#include "learn/noether/quantity.h"

#include "learn/autodiff/transforms.h"

namespace noether::learn {

Quantity network_quantity(const Mlp& mlp) {
  return [mlp](const Params& phi, const Tensor& x) { return mlp(phi, x); };
}

Tensor rate_of_change(const Quantity& g, const Params& phi, const Tensor& x, const Tensor& dx_dt) {
  return jvp([&](const Tensor& at) { return g(phi, at); }, x, dx_dt).tangent;
}

}  // namespace noether::learn
