#pragma once

// The Taylor-series method for the pendulums, after Jorba and Zou, "A software package for the
// numerical integration of ODEs by means of high-order Taylor methods", Experimental Mathematics
// 14:99 (2005).
//
//   q' = 2 p,   p' = -3 sin q - gamma p.
//
// Along a solution, c = cos q obeys c' = -2 p sin q = (2/3) p (p' + gamma p). So, with u = p^2,
//
//   p'' = -6 c p - gamma p',   c = cos q(0) + (u - u(0)) / 3 + (2 gamma / 3) integral of u,
//
// which is polynomial. A step starts with one sine and cosine. One square and one product of series
// then give the coefficients of p and c: three quarters of the work of the usual recurrence for
// sin q and cos q. The series holds along the whole step, so output times never shorten a step.

#include <span>
#include <vector>

#include "sim/pack_integrator.h"

namespace noether::sim {

inline constexpr int taylor_order = 20;  // highest power of t kept in p

// The states (N, T, 2) at `times` of the pendulum with damping `gamma` (1/s), from `initial_states`
// (N, 2). pack_lanes trajectories share their steps; the last pack is filled up with copies of its
// last member. A step is so long that, at its end, the last two terms of the series of p are at
// most absolute + relative |p|. Throws NumericalError where this takes too many steps, or a state
// is not finite.
std::vector<double> taylor_pendulums(double gamma, std::span<const double> initial_states,
                                     std::span<const double> times, const Tolerance& tolerance);

// This method as a system offers it.
PackIntegrator taylor_integrator(decltype(PackIntegrator::integrate) integrate);

}  // namespace noether::sim
