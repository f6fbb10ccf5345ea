#include "learn/models/field.h"

#include <algorithm>
#include <cmath>

#include "learn/autodiff/ops.h"

namespace noether::learn {

namespace {

// Classical Runge-Kutta, or Euler's step. The step is one number, or one a row, [n, 1].
template <class Step>
Tensor stepped(const Field& f, const Params& params, const Tensor& x, const Step& dt,
               Stepper stepper) {
  if (stepper == Stepper::euler) return x + dt * f(params, x);
  const Tensor k1 = f(params, x);
  const Tensor k2 = f(params, x + (dt / 2) * k1);
  const Tensor k3 = f(params, x + (dt / 2) * k2);
  const Tensor k4 = f(params, x + dt * k3);
  return x + (dt / 6) * (k1 + 2 * (k2 + k3) + k4);
}

}  // namespace

Tensor field_loss(const Field& field, const Params& params, const Tensor& x, const Tensor& dx_dt) {
  return mean(square(field(params, x) - dx_dt));
}

Tensors rollout(const Field& field, const Params& params, const Tensor& x0, double dt, int steps,
                Stepper stepper, const AfterStep& after_step) {
  Tensors states{x0};
  for (int i = 0; i < steps; ++i) {
    const Tensor next = stepped(field, params, states.back(), dt, stepper);
    states.push_back(after_step ? after_step(x0, next) : next);
  }
  return states;
}

Tensors rollout_at(const Field& field, const Params& params, const Tensor& x0,
                   const std::vector<std::vector<double>>& times, double longest, Stepper stepper,
                   const AfterStep& after_step) {
  Tensors states{x0};
  for (std::size_t n = 1; n < times.size(); ++n) {
    std::vector<double> spans;
    for (std::size_t i = 0; i < times[n].size(); ++i)
      spans.push_back(std::max(0.0, times[n][i] - times[n - 1][i]));
    // rounding makes no step of its own
    const double parts = std::max(1.0, std::ceil(std::ranges::max(spans) / longest - 1e-6));
    for (double& span : spans) span /= parts;
    const Tensor dt =
        cast(Tensor::from<double>(spans, {static_cast<std::int64_t>(spans.size()), 1}), x0.dtype());
    Tensor x = states.back();
    for (int part = 0; part < static_cast<int>(parts); ++part) {
      const Tensor next = stepped(field, params, x, dt, stepper);
      x = after_step ? after_step(x0, next) : next;
    }
    states.push_back(x);
  }
  return states;
}

}  // namespace noether::learn
