#pragma once

// A star in a galaxy, in the model of Henon and Heiles, "The applicability of the third integral of
// motion: some numerical experiments", Astronomical Journal 69:73 (1964):
//
//   H = (px^2 + py^2 + x^2 + y^2) / 2 + lambda (x^2 y - y^3 / 3).
//
// Energy is conserved. Below 1 / (6 lambda^2) the star stays within a triangle; near that, most of
// the motion is chaotic.

#include "sim/system.h"

namespace noether::sim {

System henon_heiles();

}  // namespace noether::sim
