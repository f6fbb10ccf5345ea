#pragma once

// The unknown number c of a shape: that with which one more function of the library is conserved
// best.

#include "learn/discovery/library/feature_space.h"
#include "learn/discovery/library/library.h"

namespace noether::learn::symbolic {

struct ShapeSearch {
  const Library& library;
  Trajectories few;  // the points that are used; some hundreds are enough
  Metric metric;
  double dependence;       // see basis
  std::int64_t known = 0;  // functions that are conserved without a shape
};

struct FittedShape {
  double c;
  double score;  // the least of the span but for those known
};

// A grid, then golden sections about its least values; one result for each. Near the right c* the
// least score is like |c - c*|, so sections find c* to the last digits. c is then rounded where
// that does no harm. A minimum that does not fall below `tolerance` is not followed to the end.
std::vector<FittedShape> fitted_shapes(const ShapeSearch& search, const Shape& shape,
                                       double tolerance);

}  // namespace noether::learn::symbolic
