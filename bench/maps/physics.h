#pragma once

// Physics in the form of a process of maps: 51 times in place of the layers 0, ..., 50, bodies in
// place of clusters, and momenta in place of cotangents. P and J are then momentum and angular
// momentum.

#include <cstdint>
#include <string>
#include <vector>

#include "bench/maps/charges.h"

namespace noether::bench {

struct PhysicalMotion {
  std::string name = {}, description = {};
  std::string time_name = "time";
  double time_step = 0;
  std::vector<int> body = {};  // of each point
  double lens = 0;             // radius about the origin; 0: there is none
  Charges charges = {};
};

// Bodies of masses 1 and 1/2 attract each other; their centre of mass is away from the origin, and
// moves. They exchange P and J, the sums stay.
PhysicalMotion two_bodies(std::uint64_t seed);

// A ray of light in a Luneburg lens, n^2 = 2 - r^2, with the momentum n t, t its direction: P
// changes, because the lens is not the same elsewhere, and J = n r x t stays, because it is round.
// Its time is the arc length. The one body of it has the momentum t: J is r x t there, and changes.
PhysicalMotion light_in_lens(std::uint64_t seed);

}  // namespace noether::bench
