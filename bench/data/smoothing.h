#pragma once

// States and derivatives from noisy observations of the states alone, by smoothing splines
// (dataset/recording/smoothing_spline.h).

#include <cstdint>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// Of N trajectories: states and derivatives, both [N * T, d] float64, and a strength a coordinate.
struct SmoothTrajectories {
  learn::Tensor x, dx_dt;
  std::vector<double> strength;
};

// The smoothing splines of trajectories that were observed at the same T times, dt apart. x is
// float64 [trajectories * T, d]. All trajectories share the strength of a coordinate, that of
// best_smoothing.
// Throws ShapeError where there is no trajectory or they are not equally long, DataError where
// they have fewer than four points.
SmoothTrajectories smoothed(const learn::Tensor& x, std::int64_t trajectories, double dt);

}  // namespace noether::bench
