#pragma once

// Parts of the data.

#include "learn/discovery/trajectories.h"

namespace noether::learn::symbolic {

// At most so many points, evenly spread, as trajectories of one point each.
Trajectories thinned(const Trajectories& data, std::int64_t points);

// As many whole trajectories as have at most so many points, evenly spread; at least one.
Trajectories fewer(const Trajectories& data, std::int64_t points);

// Every second trajectory, from the first (`which` 0) or the second (1) on; of a single one, its
// halves. As trajectories of one point each.
Trajectories half(const Trajectories& data, std::int64_t which);

}  // namespace noether::learn::symbolic
