#pragma once

// An ideal pendulum: H = m g l (1 - cos q) + p^2 / (2 m l^2),
//
//   q' = p / (m l^2),   p' = -m g l sin q,
//
// q from the downward vertical. Energy is conserved. At the defaults, H = 3 (1 - cos q) + p^2, in
// the units of Hamiltonian Neural Networks. Below H = 6 it then swings: with k^2 = H / 6,
// sin(q / 2) = k sn(sqrt(6) t + u0 | k^2) and p = sqrt(6) k cn(sqrt(6) t + u0 | k^2).
//
// Greydanus, Dzamba and Yosinski, "Hamiltonian neural networks", NeurIPS 2019.

#include "sim/system.h"
#include "sim/taylor.h"

namespace noether::sim {

System pendulum();

// Of the constants m, g, l and, where there is one, the friction gamma.
PendulumParameters pendulum_parameters(std::span<const double> constants);

}  // namespace noether::sim
