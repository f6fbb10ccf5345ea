#pragma once

// Parameters where states are not exact: errors in variables.
//
// Denoising leaves one unknown offset delta_k in each trajectory. Its variance in each coordinate
// is known, and the derivatives are exact. Minimising the score at the given states would bias the
// parameters. So parameters c and offsets are fitted together; the sum that is minimised is
//
//     sum_i w_i r_i(c, x_i + delta_k(i))^2 / s^2 + sum_k |delta_k|^2 / variance.
//
// s, the resolution, is the sine that the law leaves at the right offsets. At first it is 1e-3, as
// in learn/noether/pretrain.h; then it is the sine that was left. So the points alone determine the
// offsets of an exact law, and a formula that is no law can hide little behind offsets.

#include <span>
#include <vector>

#include "learn/discovery/conservation.h"
#include "learn/discovery/offset_size.h"

namespace noether::learn::symbolic {

struct OffsetFit {
  std::vector<double> parameters = {};
  std::vector<double> offsets = {};  // delta_k, coordinate d of trajectory k at k D + d
  double score = 1;                  // at the states moved by the offsets

  OffsetSize offset_size = {};
};

struct OffsetDescent {
  double variance = 0;       // of an offset; positive
  double resolution = 1e-3;  // s
  int steps = 40;
  double tolerance = 1e-7;               // ends where a step lowers the sum by a smaller share
  double bound = 1e6;                    // of the size of parameters
  std::span<const double> weights = {};  // w_i; none: all 1
  std::span<const double> sizes = {};    // of each parameter; none: all 1
};

// The s of a law that leaves this score, at least 1e-6: below that there are only rounding and the
// error of the spline through the derivatives.
double resolution_of(double score);

// Levenberg and Marquardt's descent from this fit (no offsets: all 0). A step eliminates the
// offsets of each trajectory by their Schur complement and solves for the parameters alone. So its
// cost grows linearly with the trajectories. `points` are all points.
OffsetFit descended_with_offsets(const Program& program, const Points& points, OffsetFit start,
                                 const OffsetDescent& options);

// Two of these descents: the first at the resolution of the options, the second at the resolution
// that the first one left. There is no second one where the first left more than kept_score.
OffsetFit fitted_with_offsets(const Program& program, const Points& points, OffsetFit start,
                              OffsetDescent options);

}  // namespace noether::learn::symbolic
