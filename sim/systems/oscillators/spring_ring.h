#pragma once

// Five equal masses on a ring, each joined to its neighbours by springs:
//
//   H = sum pi^2 / (2 m) + k sum (qi - qi+1)^2 / 2.
//
// Energy and momentum are conserved; so are the energies of the normal modes, whose frequencies are
// 2 sqrt(k / m) sin(pi j / 5).
//
// Born and von Karman, "Ueber Schwingungen in Raumgittern", Physikalische Zeitschrift 13:297
// (1912).

#include "sim/system.h"

namespace noether::sim {

System spring_ring();

}  // namespace noether::sim
