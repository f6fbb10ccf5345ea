#pragma once

// Which functions are functions of one another: those whose gradients are parallel at every point.

#include <span>
#include <vector>

#include "learn/discovery/library/feature_space.h"

namespace noether::learn::symbolic {

// The gradients of functions at n points in r coordinates, made orthonormal point by point.
class GradientSpan {
 public:
  // The share of this gradient outside the span, as root mean squares over the points; `gradient`
  // is r blocks of n.
  double share_outside(std::span<const double> gradient, std::size_t points) const;
  void add(std::span<const double> gradient, std::size_t points);

 private:
  // what is left of a gradient after projection
  std::vector<double> outside(std::span<const double> gradient, std::size_t points) const;
  Columns unit_;
};

}  // namespace noether::learn::symbolic
