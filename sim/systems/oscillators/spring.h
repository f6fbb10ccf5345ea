#pragma once

// A mass on a spring: H = k q^2 / 2 + p^2 / (2 m),
//
//   q' = p / m,   p' = -k q - friction q'.
//
// Without friction, the energy is conserved. At the defaults, H = q^2 + p^2, in the units of
// Hamiltonian Neural Networks: a rotation of the (q, p) plane with period pi.
//
// Greydanus, Dzamba and Yosinski, "Hamiltonian neural networks", NeurIPS 2019.

#include "sim/system.h"

namespace noether::sim {

System spring();

}  // namespace noether::sim
