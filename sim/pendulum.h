#pragma once

// An ideal pendulum in the units of Hamiltonian Neural Networks: H = 3 (1 - cos q) + p^2,
//
//   q' = 2 p,   p' = -3 sin q,
//
// q from the downward vertical. Energy is conserved. Below H = 6 it swings: with k^2 = H / 6,
// sin(q / 2) = k sn(sqrt(6) t + u0 | k^2) and p = sqrt(6) k cn(sqrt(6) t + u0 | k^2).
//
// Greydanus, Dzamba and Yosinski, "Hamiltonian neural networks", NeurIPS 2019.

#include "sim/system.h"

namespace noether::sim {

System pendulum();

}  // namespace noether::sim
