#pragma once

// Trajectories laid out for programs: points in packs of sixteen.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/discovery/trajectories.h"
#include "learn/formula/program.h"

namespace noether::learn::symbolic {

// n points in D coordinates, padded to whole packs by repeating the last one.
struct Points {
  std::size_t count = 0;      // n
  std::size_t dimension = 0;  // D
  std::vector<Lanes> x = {};  // coordinate d of pack i is element i D + d
  std::vector<Lanes> v = {};  // dx_dt, likewise

  // C_d, the mean square of each coordinate's derivative over all points of the trajectories.
  std::vector<double> metric = {};

  // Of all points: where each trajectory begins among them, and at last n.
  std::vector<std::int64_t> starts = {};

  // Which trajectory each point is of, those that pad the last pack included.
  std::vector<std::size_t> trajectories() const;

  std::size_t packs() const { return dimension == 0 ? 0 : x.size() / dimension; }
  std::span<const Lanes> x_of(std::size_t pack) const {
    return std::span(x).subspan(pack * dimension, dimension);
  }
  std::span<const Lanes> v_of(std::size_t pack) const {
    return std::span(v).subspan(pack * dimension, dimension);
  }
};

// All points, in order.
Points all_points(const Trajectories& trajectories);

// `count` of them, evenly spread (all, where there are no more); C is still that of all.
Points spread_points(const Trajectories& trajectories, std::int64_t count);

// The points in some of their coordinates only.
Points restricted(const Points& points, std::span<const std::size_t> columns);

// The points with an offset added to all states of each trajectory: coordinate d of trajectory k at
// k D + d of the offsets, none at all where they are empty.
Points moved(Points points, std::span<const double> offsets);

// The same of the trajectories.
Trajectories with_offsets_added(Trajectories trajectories, std::span<const double> offsets);

// Throws DataError where columns differ in number or length from what is said, hold a number that
// is not finite, or where no coordinate ever changes.
void check_trajectories(const Trajectories& trajectories);

}  // namespace noether::learn::symbolic
