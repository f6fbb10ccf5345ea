#pragma once

// States and derivatives from noisy observations of the states alone.
//
// The smoothing spline of y_0, ..., y_{T-1}, observed at 0, dt, ..., is the function f with the
// least
//     sum_i (y_i - f(i dt))^2 + strength dt^5 integral f'''(t)^2 dt .
// It is a quintic spline, and a quadratic beyond the first and last point (Schoenberg 1964; Wahba,
// Spline models for observational data, SIAM 1990). No strength changes a quadratic. A strength of
// 0 interpolates. The mean of f over the points is that of y, so of noise at least one offset
// remains, of standard deviation noise / sqrt(T). The slope is least certain at the two ends.

#include <cstdint>
#include <span>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// The smoothing spline at the points: f in the units of the values, f' in these over that of dt.
struct Smooth {
  std::vector<double> values, slopes;
};

// Throws DataError for fewer than four values, UsageError unless strength > 0.
Smooth smoothing_spline(std::span<const double> values, double dt, double strength);

// Of N trajectories: states and derivatives, both [N * T, d] float64, and a strength a coordinate.
struct SmoothTrajectories {
  learn::Tensor x, dx_dt;
  std::vector<double> strength;
};

// The smoothing splines of trajectories that were observed at the same T times. x is float64
// [trajectories * T, d]. All trajectories share the strength of a coordinate: of the powers of two
// from 2^-20 to 2^24 it has the least generalised cross-validation (Craven and Wahba, Numerische
// Mathematik 31, 1979)
//     mean (y - f)^2 / (1 - trace(A) / T)^2 ,   f = A y at the points of a trajectory,
// so that nobody need know how large the noise is.
// Throws ShapeError where there is no trajectory or they are not equally long, DataError where
// they have fewer than four points.
SmoothTrajectories smoothed(const learn::Tensor& x, std::int64_t trajectories, double dt);

}  // namespace noether::bench
