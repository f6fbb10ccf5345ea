#pragma once

// A rigid body that turns freely, in Euler's equations for its angular velocity in its own axes:
//
//   I1 w1' = (I2 - I3) w2 w3,   I2 w2' = (I3 - I1) w3 w1,   I3 w3' = (I1 - I2) w1 w2.
//
// Energy and the square of the angular momentum are conserved. Where I1 = I2, (w1, w2) turns at the
// rate (I3 - I1) w3 / I1.
//
// Landau, Lifshitz, "Mechanics", 3rd edition, 1976, section 36.

#include "sim/system.h"

namespace noether::sim {

System rigid_body();

}  // namespace noether::sim
