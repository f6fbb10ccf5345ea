#pragma once

// An ideal spring in the units of Hamiltonian Neural Networks: H = q^2 + p^2,
//
//   q' = 2 p,   p' = -2 q,
//
// a rotation of the (q, p) plane with period pi. Energy is conserved.
//
// Greydanus, Dzamba and Yosinski, "Hamiltonian neural networks", NeurIPS 2019.

#include "sim/system.h"

namespace noether::sim {

System spring();

}  // namespace noether::sim
