#pragma once

// A planet in the fixed field of a star in the origin (Kepler, Astronomia nova, 1609):
//
//   r'' = -mu r / |r|^3.
//
// Energy, angular momentum L and the vector of Laplace, Runge and Lenz, (vy L, -vx L) - mu r / |r|,
// are conserved. Bound orbits are ellipses with the period 2 pi sqrt(a^3 / mu).
//
// Goldstein, Poole, Safko, "Classical mechanics", 3rd edition, 2002, chapter 3.

#include "sim/system.h"

namespace noether::sim {

System kepler();

}  // namespace noether::sim
