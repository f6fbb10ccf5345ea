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
    // each row has steps of its own, so that it does not depend on the others
    std::vector<double> spans, parts;
    for (std::size_t i = 0; i < times[n].size(); ++i) {
      spans.push_back(std::max(0.0, times[n][i] - times[n - 1][i]));
      // rounding makes no step of its own
      parts.push_back(std::max(1.0, std::ceil(spans[i] / longest - 1e-6)));
    }
    Tensor x = states.back();
    for (int part = 0; part < static_cast<int>(std::ranges::max(parts)); ++part) {
      const Tensor dt = Tensor::build<double>({std::ssize(spans), 1}, [&](std::span<double> out) {
        for (std::size_t i = 0; i < spans.size(); ++i)
          out[i] = part < static_cast<int>(parts[i]) ? spans[i] / parts[i] : 0;
      });
      const Tensor next = stepped(field, params, x, cast(dt, x0.dtype()), stepper);
      x = after_step ? after_step(x0, next) : next;
    }
    states.push_back(x);
  }
  return states;
}

}  // namespace noether::learn
