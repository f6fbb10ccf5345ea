#pragma once

// Two systems without a conserved quantity.
//
// van-der-pol (van der Pol, "On relaxation oscillations", Philosophical Magazine 2:978, 1926) comes
// to one cycle, whatever its start:
//
//   x' = v,   v' = mu (1 - x^2) v - x.
//
// lorenz (Lorenz, "Deterministic nonperiodic flow", Journal of the Atmospheric Sciences 20:130,
// 1963) is chaotic, and shrinks every volume at the rate sigma + 1 + beta:
//
//   x' = sigma (y - x),   y' = x (rho - z) - y,   z' = x y - beta z.

#include "sim/system.h"

namespace noether::sim {

System van_der_pol();
System lorenz();

}  // namespace noether::sim
