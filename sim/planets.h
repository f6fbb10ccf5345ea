#pragma once

#include "sim/system.h"

namespace noether::sim {

// A star and two planets in a plane, with G = 1; the constants are the three masses. The
// coordinates are those of the star, then of the inner and of the outer planet: x1, y1, x2, ...,
// vx1, vy1, ... Not in all_systems(): there, the constants of all trajectories are the same.
System planets();

}  // namespace noether::sim
