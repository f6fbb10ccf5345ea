#pragma once

// Some points of a file of trajectories.

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/store/dataset_file.h"

namespace noether::bench {

// The points at `times`, which are indices, of some trajectories: a split along either axis is of
// this form. A trajectory may end before the last of them.
struct Part {
  std::vector<std::int64_t> trajectories;
  std::vector<std::int64_t> times;
  std::vector<std::int64_t> lengths;  // how many of the times each trajectory has

  bool empty() const { return trajectories.empty() || times.empty(); }
  bool is_even() const;         // whether every trajectory has all
  std::int64_t points() const;  // of all trajectories
};

// Splits are by trajectory, but where a file says that they are by time: an import of one trial.
Part part_of(const dataset::DatasetFile& file, const std::string& split);

// The numbers there of an array (N, T, D), row after row: [points, D]. Throws DataError for one
// that is not finite.
std::vector<double> read_part(const dataset::DatasetFile& file, const std::string& array,
                              const Part& part, std::int64_t dimension);

// The same, each trajectory filled up with NaN: (trajectories, times, D).
std::vector<double> read_filled(const dataset::DatasetFile& file, const std::string& array,
                                const Part& part, std::int64_t dimension);

// The times of each trajectory.
std::vector<std::vector<double>> times_of(const dataset::DatasetFile& file, const Part& part);

}  // namespace noether::bench
