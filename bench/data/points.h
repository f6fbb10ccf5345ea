#pragma once

// Points without time, whose density is learned.

#include <filesystem>
#include <string>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

struct Points {
  std::string source = {};  // the file, for error messages
  std::string sha256 = {};  // of its content
  std::string system = {};  // "pendulum"; dataset::imported_system for a table of text
  std::vector<std::string> coordinates = {};
  learn::Tensor train = {};  // [n, d] float64
  learn::Tensor test = {};   // [m, d]; undefined where there is none
  bool is_table = false;     // of text
};

// From a table of text (.csv, .tsv, .txt or .dat: a header of names, then a point a line, of which
// the first 80 % train), or from a dataset of trajectories: the observations at all times, or the
// states where they are to be `noise_free`. Lines with a missing value are left out. Throws
// DataError where there are fewer than two train points, or a coordinate is the same at all of
// them.
Points load_points(const std::filesystem::path& path, bool noise_free);

// A table of text whose points are all to be judged: its train points are test points too.
Points with_all_as_test(Points points);

// Throws DataError, which names both, where points have other coordinates than `coordinates`.
void check_coordinates(const Points& points, const std::vector<std::string>& coordinates,
                       const std::string& model);

}  // namespace noether::bench
