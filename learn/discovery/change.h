#pragma once

// How much a law may change along a trajectory after all.

#include <span>

#include "learn/discovery/offset_size.h"
#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// As shares of the standard deviation of the law's value between trajectories; NaN where there is
// one trajectory only, or all have the same value.
struct Change {
  // The greatest less the least value along a trajectory, at the states moved by the offsets, as
  // root mean square over the trajectories: friction shows here.
  double seen = 0;

  // What the offsets may hide, with 95 % confidence: the same range for further offsets of
  // hidden_deviations, which the data do not exclude. A formula that holds only at such offsets
  // changes by so much.
  double hidden = 0;
};

// Of a formula without parameters; `offsets` and their size are those of its fit (OffsetFit).
Change change_along(const Expression& formula, const Trajectories& data,
                    std::span<const double> offsets, const OffsetSize& size);

// Whether the formula is one number on all data: its values differ by rounding only, or in the mean
// of a trajectory by no more than offsets of data.offset_variance explain. False of one trajectory.
bool has_one_value(const Expression& formula, const Trajectories& data);

}  // namespace noether::learn::symbolic
