#include "learn/ode/density.h"

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

Dynamics with_log_density(const Dynamics& f) {
  return [f](const Params& params, double t, const Tensors& state) {
    const Tensor& z = state.at(0);
    const auto rate = vjp([&](const Tensor& at) { return f(params, t, {at})[0]; }, z);
    Tensor trace;
    for (std::int64_t j = 0; j < z.shape()[1]; ++j) {
      const std::int64_t d = z.shape()[1];
      const Tensor seed = pad(Tensor::full({z.shape()[0], 1}, 1, z.dtype()), 1, j, d - 1 - j);
      const Tensor slope = column(rate.pullback(seed), j);
      trace = trace.defined() ? trace + slope : slope;
    }
    return Tensors{rate.value, neg(trace)};
  };
}

}  // namespace noether::learn
