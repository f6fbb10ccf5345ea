#pragma once

// States from noisy observations of them and noise-free derivatives.

#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// For each trajectory: the integral of the cubic not-a-knot spline through its derivatives, shifted
// so that its mean is that of the observations. This averages the noise of T points. What remains
// is one offset in each coordinate, of standard deviation noise / sqrt(T). x and dx_dt are float64
// [trajectories * T, d]; dt is the time between points.
// Throws ShapeError where there is no trajectory.
learn::Tensor denoised(const learn::Tensor& x, const learn::Tensor& dx_dt,
                       std::int64_t trajectories, double dt);

// The same of trajectories that were measured at these times, one after the other in x, and by
// polynomials through the six nearest points where times are uneven.
learn::Tensor denoised(const learn::Tensor& x, const learn::Tensor& dx_dt,
                       const std::vector<std::vector<double>>& times);

// The integral of the not-a-knot spline through values at 0, dt, ..., from 0 to each of these times
// (at least four).
std::vector<double> spline_integral(const std::vector<double>& values, double dt);

}  // namespace noether::bench
