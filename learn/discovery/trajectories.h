#pragma once

// What a law is sought in.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace noether::learn::symbolic {

// States and their derivatives along N trajectories of T points in D coordinates, a column of N * T
// numbers a coordinate: point t of trajectory k is element k T + t of each.
struct Trajectories {
  std::vector<std::string> coordinates = {};  // their names, D of them
  std::int64_t count = 0;                     // N
  std::int64_t samples = 0;                   // T
  std::vector<std::vector<double>> x = {};
  std::vector<std::vector<double>> dx_dt = {};
  // Errors in variables: the variance of the one unknown offset a trajectory that each coordinate
  // may have (what denoising leaves), 0 where states are exact.
  double offset_variance = 0;

  std::int64_t points() const { return count * samples; }
  std::int64_t dimension() const { return static_cast<std::int64_t>(x.size()); }
};

}  // namespace noether::learn::symbolic
