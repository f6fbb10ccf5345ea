#pragma once

// The unknown number of a shape: where some function of the library with it is conserved best.

#include "learn/discovery/feature_space.h"
#include "learn/discovery/library.h"

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

// A grid, then golden sections about its least value, as the least score falls to zero like
// |c - c*|, so that sections find c* to the last digits; c is then rounded where that does no harm.
// Minima that do not fall below `tolerance` are not followed to the end.
FittedShape fitted_shape(const ShapeSearch& search, const Shape& shape, double tolerance);

}  // namespace noether::learn::symbolic
