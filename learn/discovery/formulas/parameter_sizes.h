#pragma once

// What order of magnitude a parameter has, judged by its place in a formula.

#include <vector>

#include "learn/discovery/points.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// For each parameter the size that makes what it stands beside as large as itself: in cos(c0 q)
// that of 1/q, in q + c0 that of q, in (c0 q)^2 + p that of sqrt(p)/q. As natural_size.h says, it
// is 1 where it is of order 1. Sizes of coordinates are root mean squares over the points.
std::vector<double> parameter_sizes(const Expression& e, const Points& points);

}  // namespace noether::learn::symbolic
