#pragma once

// The pendulum with linear friction, gamma >= 0:
//
//   q' = 2 p,   p' = -3 sin q - gamma p,   H = 3 (1 - cos q) + p^2,   dH/dt = -2 gamma p^2 <= 0.
//
// Energy is dissipated, conserved only where gamma = 0.
//
// Equations of the pendulum of Greydanus, Dzamba and Yosinski, "Hamiltonian neural networks",
// NeurIPS 2019, with friction after Sosanya and Greydanus, "Dissipative Hamiltonian neural
// networks", arXiv:2201.10085 (2022).

#include "sim/system.h"

namespace noether::sim {

System damped_pendulum();

}  // namespace noether::sim
