#pragma once

// A charge in a plane across an even magnetic field, which turns its velocity at the rate
// w = charge B / m:
//
//   vx' = w vy,   vy' = -w vx.
//
// Energy, the two momenta vx - w y and vy + w x (times m), which belong to shifts of the plane, and
// the angular momentum x vy - y vx + w (x^2 + y^2) / 2 are conserved. The path is a circle of
// radius |v| / |w|.
//
// Jackson, "Classical electrodynamics", 3rd edition, 1999, section 12.2.

#include "sim/system.h"

namespace noether::sim {

System charged_particle();

}  // namespace noether::sim
