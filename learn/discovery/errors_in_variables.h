#pragma once

// Parameters where states are not exact: errors in variables.
//
// What denoising leaves of noise is one unknown offset delta_k of each trajectory, of a known
// variance in each coordinate; derivatives are exact. To minimise the score at the given states
// would bias the parameters, so the offsets are sought with them:
//
//     sum_i w_i r_i(c, x_i + delta_k(i))^2 / s^2 + sum_k |delta_k|^2 / variance,
//
// where s, the resolution, is the sine that the law leaves at the right offsets. It is first 1e-3,
// as in learn/noether/pretrain.h, and then what was left, so that the offsets of a law that is
// exact are found by the points alone, while a formula that is not can hide little behind them.

#include <span>
#include <vector>

#include "learn/discovery/conservation.h"

namespace noether::learn::symbolic {

struct OffsetFit {
  std::vector<double> parameters = {};
  std::vector<double> offsets = {};  // delta_k, coordinate d of trajectory k at k D + d
  double score = 1;                  // at the states moved by the offsets

  // The rms of the offsets over their standard deviation: about 1 for a true law, or less.
  double deviations = 0;
};

struct OffsetDescent {
  double variance = 0;       // of an offset; positive
  double resolution = 1e-3;  // s
  int steps = 40;
  double tolerance = 1e-7;               // ends where a step lowers the sum by less than this part
  double bound = 1e6;                    // of the size of parameters
  std::span<const double> weights = {};  // w_i; none: all 1
};

// The s of a law that leaves this score; 1e-6 at least, below which it is rounding and what a
// spline through the derivatives leaves.
double resolution_of(double score);

// Levenberg and Marquardt's descent from this fit (no offsets: all 0). A step solves for the
// parameters alone, the offsets of each trajectory eliminated by their Schur complement, so its
// cost grows linearly with the trajectories. `points` are all of them, `samples` a trajectory.
OffsetFit descended_with_offsets(const Program& program, const Points& points, std::size_t samples,
                                 OffsetFit start, const OffsetDescent& options, Machine& machine);

// Two of these descents: at the resolution of the options and at that of what it left.
OffsetFit fitted_with_offsets(const Program& program, const Points& points, std::size_t samples,
                              std::vector<double> parameters, OffsetDescent options,
                              Machine& machine);

}  // namespace noether::learn::symbolic
