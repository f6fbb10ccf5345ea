#include "learn/models/field.h"

#include "learn/autodiff/ops.h"

namespace noether::learn {

namespace {

// classical Runge-Kutta
Tensor rk4_step(const Field& f, const Params& params, const Tensor& x, double dt) {
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
    const Tensor& x = states.back();
    const Tensor next =
        stepper == Stepper::rk4 ? rk4_step(field, params, x, dt) : x + dt * field(params, x);
    states.push_back(after_step ? after_step(x0, next) : next);
  }
  return states;
}

}  // namespace noether::learn
