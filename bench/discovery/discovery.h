#pragma once

// Discovery: the conserved laws that a trajectory file holds, as formulas.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/data/task.h"
#include "bench/discovery/searched_data.h"
#include "learn/discovery/formulas/enumerate.h"
#include "learn/discovery/formulas/search.h"
#include "learn/discovery/library/null_space.h"
#include "learn/discovery/trajectories.h"

namespace noether::bench {

struct DiscoveryOptions {
  int max_nodes = 0;       // of a formula; 0: the most, up to 7, that keep the search small
  std::string units = {};  // "q=rad,p=1/s", of coordinates whose units the file does not tell right
  // rms sine up to which a law counts as conserved; nothing: those of search.h and null_space.h
  std::optional<double> tolerance = {};
  // no combinations of a library: those of many functions fit the errors of rates that are smooth
  bool formulas_alone = false;
  int resamples = 200;  // for the intervals
  int jobs = 0;         // threads, 0: one per processor. Never changes a number
};

struct Discovery {
  Task task;
  learn::symbolic::Trajectories data;
  learn::symbolic::Language language;
  learn::symbolic::Candidates candidates;
  learn::symbolic::Search found;                 // formulas, ranked
  learn::symbolic::IndependentLaws independent;  // linear combinations of a library of functions
  bool formulas_alone = false;                   // these were not sought
  // coordinates that nothing moves: each is a law of its own, and known to the others, as
  // parameters
  std::vector<std::string> still = {};
};

// Is called with how much is done, and of what. Throws Interrupted after Ctrl-C.
using DiscoveryProgress =
    std::function<void(std::int64_t done, std::int64_t total, std::string_view what)>;

// The laws of the train split of a task in float64, denoised where its observations are noisy.
// Before it begins it throws UsageError for units that do not parse, or a search too large for the
// memory. Throws DataError where no law can be found: too few points, a coordinate that nothing
// moves and whose observations are noisy, or no other coordinate.
Discovery discover(const Task& task, const DiscoveryOptions& options,
                   const DiscoveryProgress& progress = {});

// The ranked formulas alone, by one thread and without intervals: what a table needs. They have up
// to as many nodes as DiscoveryOptions::max_nodes = 0 means.
std::vector<learn::symbolic::Law> laws_of(const Task& task,
                                          const learn::symbolic::Trajectories& data);

// The independent laws alone.
learn::symbolic::IndependentLaws independent_laws_of(const Task& task,
                                                     const learn::symbolic::Trajectories& data);

// The result in one line: "1 conserved law", or "nothing is conserved" and, if a formula is kept,
// which one comes nearest.
std::string verdict(const Discovery& discovery);

// The formula with its numbers to five digits.
std::string readable(const learn::symbolic::Expression& formula,
                     const std::vector<std::string>& coordinates);

}  // namespace noether::bench
