#pragma once

// Atoms in a square box that repeats, with the potential of Lennard-Jones between the nearest
// images of two atoms,
//
//   V(r) = 4 epsilon ((sigma / r)^12 - (sigma / r)^6) S(r),
//
// where S falls smoothly from 1 at r = 0.7 c to 0 at the cutoff c, half the edge of the box: so
// atoms change images without a kick. Coordinates run on beyond the box. Energy and momentum are
// conserved; angular momentum is not.
//
// Lennard-Jones, "On the determination of molecular fields", Proceedings of the Royal Society A
// 106:463 (1924).

#include "sim/system.h"

namespace noether::sim {

// `side`^2 atoms: "lennard-jones-4" of side 2, "lennard-jones-16" of side 4.
System lennard_jones(int side);

}  // namespace noether::sim
