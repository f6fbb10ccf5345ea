#pragma once

// Parameters at which a formula is conserved best.

#include <span>
#include <vector>

#include "learn/discovery/conservation.h"

namespace noether::learn::symbolic {

struct Fit {
  std::vector<double> parameters = {};
  double score = 1;
};

struct Descent {
  int steps = 60;
  double tolerance = 1e-9;               // ends where a step lowers the sum by a smaller share
  double bound = 1e6;                    // of the size of parameters, and 1 / bound from below
  std::span<const double> weights = {};  // of each point's square; none: all 1
  std::span<const double> sizes = {};    // of each parameter; none: all 1
};

// Levenberg and Marquardt's descent of sum_i w_i r_i^2 from these parameters, by forward
// differences of the residuals: where the least sum is zero, it converges to the last digits.
Fit descended(const Program& program, const Points& points, std::vector<double> parameters,
              const Descent& options, Machine& machine);

// The best of several descents. Affine parameters start at the linear guess. The others start at
// each combination of +-0.3, +-1, +-3 where there is one, of +-0.5, +-2 where there are two, of +-1
// where there are more, times their sizes (parameter_sizes.h). The best `descents` starts are
// followed.
Fit fitted(const Expression& e, const Program& program, const Points& points, int descents,
           Descent options, Machine& machine);

// The largest size of a parameter; its inverse is the least. It is 1000 times the square of the
// largest rms of a coordinate, of the largest inverse of one, or of the largest ratio of two. The
// coefficient of a product of two coordinates, relative to another, is below that; beyond it one
// term drowns the other.
double parameter_bound(const Trajectories& trajectories);

// Whether a parameter has run away to zero or to infinity, where a simpler formula says the same.
bool has_run_away(std::span<const double> parameters, double bound);

}  // namespace noether::learn::symbolic
