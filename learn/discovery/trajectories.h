#pragma once

// What a law is sought in.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace noether::learn::symbolic {

// States and their derivatives along N trajectories of T points in D coordinates, a column of all
// points a coordinate: point t of trajectory k is element k T + t of each. Where lengths differ, it
// is element starts()[k] + t.
struct Trajectories {
  std::vector<std::string> coordinates = {};  // their names, D of them
  std::int64_t count = 0;                     // N
  std::int64_t samples = 0;                   // T, that of the longest
  std::vector<std::int64_t> lengths = {};     // N of them, where they differ
  std::vector<std::vector<double>> x = {};
  std::vector<std::vector<double>> dx_dt = {};
  // Errors in variables: the variance of the one unknown offset a trajectory that each coordinate
  // may have (what denoising leaves), 0 where states are exact.
  double offset_variance = 0;
  // How many of the columns, the last ones, are parameters: numbers that are known, one of each
  // trajectory. No function of them alone is a law.
  std::int64_t parameters = 0;

  std::int64_t points() const { return lengths.empty() ? count * samples : starts().back(); }
  // Where each trajectory begins among all points, and at last how many points there are: N + 1.
  std::vector<std::int64_t> starts() const {
    std::vector<std::int64_t> at{0};
    for (std::int64_t k = 0; k < count; ++k)
      at.push_back(at.back() + (lengths.empty() ? samples : lengths[static_cast<std::size_t>(k)]));
    return at;
  }
  bool is_parameter(std::size_t column) const {
    return static_cast<std::int64_t>(column) >= dimension() - parameters;
  }
  std::int64_t dimension() const { return static_cast<std::int64_t>(x.size()); }
};

}  // namespace noether::learn::symbolic
