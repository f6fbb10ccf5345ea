#pragma once

// The loop of Levenberg and Marquardt, whatever the unknowns are.

#include <algorithm>
#include <utility>

namespace noether::learn::symbolic {

// Minimises a sum of squares, `at.sum`, and returns the state it ends in. linearised(at) gives a
// function next(damping): the state one Gauss-Newton step further, the diagonal multiplied by
// (1 + damping). Ends after `steps`, or where a step lowers the sum by no more than the share
// `tolerance` of it.
template <class State, class Linearised>
State damped_descent(State at, int steps, double tolerance, Linearised linearised) {
  double damping = 1e-3;
  for (int step = 0; step < steps && at.sum > 0; ++step) {
    const auto next_with = linearised(std::as_const(at));
    double fall = 0;
    // more damping until the sum falls; where it never does, this is the minimum
    for (; damping < 1e12; damping *= 10) {
      State next = next_with(damping);
      if (!(next.sum < at.sum)) continue;
      fall = (at.sum - next.sum) / at.sum;
      at = std::move(next);
      break;
    }
    if (fall <= tolerance) break;
    damping = std::max(damping / 30, 1e-15);
  }
  return at;
}

}  // namespace noether::learn::symbolic
