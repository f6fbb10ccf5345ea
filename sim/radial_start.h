#pragma once

// Starts in a shell of the state space, as Hamiltonian Neural Networks draws them (Greydanus,
// Dzamba and Yosinski, NeurIPS 2019): a point uniform in the cube [-1, 1]^D gives the direction, a
// second draw U(radius_min, radius_max) the distance from the origin.

#include <cstddef>
#include <vector>

#include "sim/system.h"

namespace noether::sim {

// The two constants radius_min and radius_max with these defaults.
std::vector<Constant> radial_sampling(double radius_min, double radius_max);

// One start, `dimension` numbers.
std::vector<double> radial_start(base::RandomStream& random, std::size_t dimension,
                                 double radius_min, double radius_max);

}  // namespace noether::sim
