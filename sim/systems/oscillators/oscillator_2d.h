#pragma once

// A mass on a spring that pulls to the origin of a plane:
//
//   H = (px^2 + py^2) / (2 m) + k (x^2 + y^2) / 2.
//
// Energy, angular momentum and the tensor of Fradkin, F_ij = pi pj / m + k ri rj, are conserved.
// The energy is half the trace of F.
//
// Fradkin, "Three-dimensional isotropic harmonic oscillator and SU3", American Journal of Physics
// 33:207 (1965).

#include "sim/system.h"

namespace noether::sim {

System oscillator_2d();

}  // namespace noether::sim
