#pragma once

// Two bodies under gravity in the plane (gravity.h), on nearly circular orbits about their centre
// of mass, which rests. At the defaults, masses and G are 1.
//
// Greydanus, Dzamba and Yosinski, "Hamiltonian neural networks", NeurIPS 2019.

#include "sim/system.h"

namespace noether::sim {

System two_body();

}  // namespace noether::sim
