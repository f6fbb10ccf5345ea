#pragma once

// Two point masses m on two massless rods of length l, one hung from the other; q1, q2 from the
// downward vertical, p1, p2 their canonical momenta. With d = q1 - q2,
//
//   H = (p1^2 + 2 p2^2 - 2 p1 p2 cos d) / (2 m l^2 (1 + sin^2 d)) + m g l (3 - 2 cos q1 - cos q2),
//   q1' = dH/dp1,   q2' = dH/dp2,   p1' = -dH/dq1,   p2' = -dH/dq2.
//
// Energy is conserved; the motion is chaotic.
//
// Constants of the double pendulum of Botev, Jaegle, Wirnsberger, Hennes and Higgins, "Which priors
// matter? Benchmarking models for learning latent dynamics", NeurIPS 2021.

#include "sim/system.h"

namespace noether::sim {

System double_pendulum();

}  // namespace noether::sim
