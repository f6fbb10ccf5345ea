#pragma once

// The unknown number c of a shape: that with which some function of the library is conserved best.

#include "learn/discovery/library/feature_space.h"
#include "learn/discovery/library/library.h"

namespace noether::learn::symbolic {

struct ShapeSearch {
  const Library& library;
  Trajectories few;  // the points that are used; some hundreds are enough
  Metric metric;
  double dependence;  // see basis
};

struct FittedShape {
  double c;
  double score;  // the least of the span
};

// A grid, then golden sections about its least value. Near the right c* the least score is like
// |c - c*|, so sections find c* to the last digits. c is then rounded where that does no harm. A
// minimum that does not fall below `tolerance` is not followed to the end.
FittedShape fitted_shape(const ShapeSearch& search, const Shape& shape, double tolerance);

}  // namespace noether::learn::symbolic
