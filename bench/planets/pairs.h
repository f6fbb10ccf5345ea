#pragma once

// The data of table `planets`: systems of a star and two planets, now and one unit of time later.

#include <cstdint>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// Row i is a system of its own, a function of (seed, i). float64.
struct PlanetPairs {
  learn::Tensor
      x;  // [n, 14]: the state (sim/systems/gravity/planets.h), then the masses of the two planets
  learn::Tensor next;  // [n, 12]: the state at time 1
};

// Systems first, ..., first + n - 1: the star has mass 1, a planet a mass uniform in [.02, .1].
// Those where two bodies come closer than .25 are drawn again.
PlanetPairs planet_pairs(std::uint64_t seed, std::int64_t first, std::int64_t n);

// The states (T, 12) of the system in such a row x (14), at 33 even times from 0 to 1.
std::vector<double> planet_path(const std::vector<double>& row);

}  // namespace noether::bench
