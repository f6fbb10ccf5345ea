#pragma once

// Single steps of Runge-Kutta methods.

#include <array>

#include "learn/ode/dynamics.h"

namespace noether::learn {

// h(t + dt) by the classical method, of order 4.
Tensors rk4_step(const Dynamics& f, const Params& params, double t, const Tensors& h, double dt);

// A step of Dormand and Prince (1980): h(t + dt) to order 5, an estimate of its error from the
// embedded method of order 4, and a polynomial for the times between.
struct Dopri5Step {
  Tensors next;
  Tensors slope;                        // f there: that at the start of the next step
  Tensors error;                        // of next
  std::array<Tensors, 4> coefficients;  // of the polynomial
};
// `slope` is f(t, h).
Dopri5Step dopri5_step(const Dynamics& f, const Params& params, double t, const Tensors& h,
                       const Tensors& slope, double dt);

// h(t + share dt), 0 <= share <= 1, to order 4: the dense output of Hairer, Norsett and Wanner
// (Solving Ordinary Differential Equations I, 2nd edition, section II.6).
Tensors within(const Dopri5Step& step, const Tensors& h, double share);

}  // namespace noether::learn
