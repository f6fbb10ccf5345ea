#pragma once

// What a search finds: formulas with fitted parameters, and which of them say the same.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "learn/discovery/change.h"
#include "learn/discovery/errors_in_variables.h"

namespace noether::learn::symbolic {

struct Interval {
  double low = 0;
  double high = 0;
};

struct Law {
  Expression formula;
  std::int64_t candidate = 0;  // which of those searched
  std::vector<double> parameters = {};
  double score = 1;                  // conservation.h; at the moved states where offsets are sought
  OffsetSize offset_size = {};       // none without
  std::vector<double> offsets = {};  // as in OffsetFit; empty without

  // Of those reported (search.h).
  bool conserved = false;                // not only kept
  bool one_value = false;                // conserved, and the same number in all trajectories
  double variance_ratio = 0;             // of the given states
  std::optional<Change> change = {};     // where offsets are sought
  std::vector<Interval> intervals = {};  // 95 %, a parameter each
  std::vector<Law> other_forms = {};     // kept formulas that say the same, simplest first
};

struct Fitting {
  int descents = 2;               // from the best starts
  double screening_score = 0.05;  // on the screening points; above, a formula is dropped
  double offset_variance = 0;     // 0: states are exact
  double bound = 1e6;             // of parameters
};

// The formula, fitted on the screening points and then, unless it is dropped, on all points. Its
// score is 1 where it was dropped, where parameters ran away, or where it has the same value
// everywhere, up to rounding.
Law fitted_law(const Expression& formula, const Points& screening, const Points& all,
               const Fitting& options, Machine& machine);

// Laws in classes. The laws of a class are functions of one another on these points: their
// gradients are parallel, at a mean squared sine of at most `parallel`. (Each law is taken at the
// states moved by its offsets.) The best law founds a class, all laws parallel to it join, and so
// on with the rest.
//
// A class is named by its simplest form among those about as good as its best: fewest nodes, then
// parameters, then functions (the cosine of a small number is its square), then parameters inside
// functions and divisors, then negative ones, then the earliest candidate. Classes are ranked by
// score, all below `floor` being equal, then by simplicity.
std::vector<Law> law_classes(std::vector<Law> laws, const Points& points, double floor,
                             double parallel);

// 95 % percentile intervals of a law's parameters, by bootstrap: `resamples` times, trajectories
// are drawn with replacement and the law is fitted again, from its parameters, with the C and s of
// all. Of a single trajectory ten blocks of successive points are drawn instead. Resample i draws
// from the stream (seed, bootstrap, i).
std::vector<Interval> parameter_intervals(const Law& law, const Points& all, const Fitting& options,
                                          int resamples, std::uint64_t seed, Machine& machine);

// The interval of each parameter that holds 95 % of its values, one a resample.
std::vector<Interval> intervals_of(std::vector<std::vector<double>> values);

}  // namespace noether::learn::symbolic
