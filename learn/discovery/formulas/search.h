#pragma once

// Conserved laws sought among candidate formulas.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "learn/discovery/formulas/law.h"
#include "learn/discovery/trajectories.h"

namespace noether::learn::symbolic {

struct SearchOptions {
  int jobs = 0;                         // threads, 0 for one a processor; never changes a bit
  std::int64_t screening_points = 112;  // seven packs

  // A kept law with at most this rms sine is called conserved. Nothing: 1e-4 for exact states, 1e-3
  // where offsets are sought; search.cpp says why.
  std::optional<double> tolerance = {};

  // Laws with a mean squared sine between their gradients up to this are one.
  double parallel = 1e-6;

  int reported = 20;    // classes that get a variance ratio and intervals
  int resamples = 200;  // of the intervals
  std::uint64_t seed = 0;
};

struct Search {
  std::int64_t candidates = 0;
  std::int64_t kept = 0;          // of these, with a score of at most kept_score
  std::vector<Law> classes = {};  // ranked
  double shuffled_ratio = 0;      // what variance ratios would be for points in random order
};

// Fits every candidate on a few evenly spread points, and those that pass on all points. Keeps what
// is conserved a hundred times better than at random. Laws that are functions of one another are
// reported once. `progress(done, total)` is called on the calling thread and may throw to end the
// search.
//
// Throws DataError for trajectories that check_trajectories refuses, or that have fewer than ten
// points: any formula with parameters fits these. Throws UsageError where a candidate has a
// coordinate that the data do not have.
Search search(const Trajectories& trajectories, std::span<const Expression> candidates,
              const SearchOptions& options = {},
              const std::function<void(std::int64_t, std::int64_t)>& progress = {});

}  // namespace noether::learn::symbolic
