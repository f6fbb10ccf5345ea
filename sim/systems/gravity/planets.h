#pragma once

#include "sim/system.h"

namespace noether::sim {

// A star and two planets in a plane (gravity.h): the star first, then the inner planet.
System planets();

}  // namespace noether::sim
