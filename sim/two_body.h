#pragma once

// Two bodies of mass 1 under gravity with G = 1, in the plane. With r = (x1 - x2, y1 - y2),
//
//   (x1, y1)'' = -r / |r|^3,   (x2, y2)'' = r / |r|^3,   H = sum v^2 / 2 - 1 / |r|.
//
// Energy, linear momentum and angular momentum are conserved.
//
// Greydanus, Dzamba and Yosinski, "Hamiltonian neural networks", NeurIPS 2019.

#include "sim/system.h"

namespace noether::sim {

System two_body();

}  // namespace noether::sim
