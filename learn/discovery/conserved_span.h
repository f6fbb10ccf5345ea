#pragma once

// The conserved functions of a library where states have offsets: errors in variables for several
// laws at once, as the offsets of a trajectory are the same for all of them.
//
// With the coefficients of k functions u_l, orthonormal in the metric of feature_space.h, and the
// offsets delta as unknowns, what falls is
//
//     sum_l sum_i (grad u_l(x_i + delta) . v_i / s)^2 + sum |delta|^2 / offset_variance,
//
// s, the resolution, being what is left of the rates: as that shrinks, so does what offsets hide.

#include <functional>
#include <vector>

#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

struct SpanOptions {
  double tolerance = 1e-3;     // functions of a greater rms sine are not conserved
  double dependence = 1e-7;    // see basis in feature_space.h
  double most_deviations = 2;  // of offsets, in the rms
  int most_functions = 24;
};

// A library with one unknown number, or the same for each.
using FeaturesOf = std::function<std::vector<Expression>(double c)>;

struct ConservedSpan {
  Trajectories moved;     // the states with their offsets taken off
  double c = 0;           // of the features
  int functions = 0;      // the dimension of the span
  double rms_sine = 1;    // the worst of them, or what was reached where there is none
  double deviations = 0;  // the rms offset over its standard deviation
};

// Greedy: one function after another joins, from the one that changes least at the states as the
// others have moved them, as long as all stay conserved. c is fitted too, from `start`, where
// `c_is_free`.
ConservedSpan conserved_span(const Trajectories& given, const FeaturesOf& features, double start,
                             bool c_is_free, const SpanOptions& options = {});

}  // namespace noether::learn::symbolic
