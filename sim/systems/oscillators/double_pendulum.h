#pragma once

// Two point masses on two massless rods, m on l, and r m on s l hung from it; q1, q2 from the
// downward vertical, p1, p2 their canonical momenta. With d = q1 - q2,
//
//   H = (p1^2 + (1 + r) p2^2 / (r s^2) - 2 p1 p2 cos d / s) / (2 m l^2 (1 + r sin^2 d))
//       + m g l ((1 + r) (1 - cos q1) + r s (1 - cos q2)),
//   q1' = dH/dp1,   q2' = dH/dp2,   p1' = -dH/dq1 - friction q1',   p2' = -dH/dq2 - friction q2'.
//
// Without friction, the energy is conserved; the motion is chaotic.
//
// Constants of the double pendulum of Botev, Jaegle, Wirnsberger, Hennes and Higgins, "Which priors
// matter? Benchmarking models for learning latent dynamics", NeurIPS 2021.

#include "sim/system.h"

namespace noether::sim {

System double_pendulum();

}  // namespace noether::sim
