#pragma once

// The Taylor-series method for the pendulums, after Jorba and Zou, "A software package for the
// numerical integration of ODEs by means of high-order Taylor methods", Experimental Mathematics
// 14:99 (2005).
//
//   q' = a p,   p' = -b sin q - gamma p,   a = 1 / inertia,   b = torque.
//
// Along a solution, c = a b cos q obeys c' = -a^2 b p sin q = a^2 p (p' + gamma p). So, with u =
// p^2,
//
//   p'' = -c p - gamma p',   c = a b cos q(0) + a^2 (u - u(0)) / 2 + a^2 gamma integral of u,
//
// which is polynomial. A step starts with one sine and cosine. One square and one product of series
// then give the coefficients of p and c: three quarters of the work of the usual recurrence for
// sin q and cos q. The series holds along the whole step, so output times never shorten a step.

#include <span>
#include <vector>

#include "sim/pack_integrator.h"

namespace noether::sim {

inline constexpr int taylor_order = 20;  // highest power of t kept in p

struct PendulumParameters {
  double inertia = 0.5;
  double torque = 3;    // of gravity, where the pendulum is horizontal
  double friction = 0;  // gamma
};

// The states (N, T, 2) at `times` of such pendulums, from `initial_states` (N, 2). pack_lanes
// trajectories share their steps; the last pack is filled up with copies of its last member. A step
// is so long that, at its end, the last two terms of the series of p are at most absolute +
// relative |p|. Throws NumericalError where this takes too many steps, or a state is not finite.
std::vector<double> taylor_pendulums(const PendulumParameters& pendulum,
                                     std::span<const double> initial_states,
                                     std::span<const double> times, const Tolerance& tolerance);

// This method as a system offers it.
PackIntegrator taylor_integrator(decltype(PackIntegrator::integrate) integrate);

}  // namespace noether::sim
