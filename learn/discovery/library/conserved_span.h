#pragma once

// The conserved functions of a library where states have offsets. All laws are fitted at once,
// because the offset of a trajectory is the same for all of them (errors in variables).
//
// The unknowns are the coefficients of k functions u_l, orthonormal in the metric of
// feature_space.h, and the offsets delta. The sum that is minimised is
//
//     sum_l sum_i (grad u_l(x_i + delta) . v_i / s)^2 + sum |delta|^2 / offset_variance.
//
// s, the resolution, is the size of the rates that are left. The smaller it is, the less can the
// offsets hide.

#include <functional>
#include <vector>

#include "learn/discovery/offset_size.h"
#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

struct SpanOptions {
  double tolerance = 1e-3;   // functions of a greater rms sine are not conserved
  double dependence = 1e-7;  // see basis in feature_space.h
  int most_functions = 24;
  int starts = 1;  // of descents for one function, while they fail
};

// A library with one unknown number, or the same for each.
using FeaturesOf = std::function<std::vector<Expression>(double c)>;

struct ConservedSpan {
  Trajectories moved;   // the states with their offsets taken off
  double c = 0;         // of the features
  int functions = 0;    // the dimension of the span
  double rms_sine = 1;  // the worst of them; where there is none, what was reached
  OffsetSize offset_size = {};
};

// Greedy: functions join one by one, as long as all stay conserved. The next one is that which
// changes least, at the states as the others have moved them. c is fitted too where `c_is_free`,
// from `start`.
ConservedSpan conserved_span(const Trajectories& given, const FeaturesOf& features, double start,
                             bool c_is_free, const SpanOptions& options = {});

}  // namespace noether::learn::symbolic
