#pragma once

// A smooth curve through noisy values, and its slopes.
//
// The smoothing spline of y_0, ..., y_{T-1}, observed at t_0 < t_1 < ..., is the function f with
// the least
//     sum_i (y_i - f(t_i))^2 + strength unit^5 integral f'''(t)^2 dt .
// It is a quintic spline, and a quadratic beyond the first and last point (Schoenberg 1964; Wahba,
// Spline models for observational data, SIAM 1990). No strength changes a quadratic. A strength of
// 0 interpolates. On an even grid the mean of f over the points is that of y, so of noise at least
// one offset remains, of standard deviation noise / sqrt(T). The slope is least certain at the
// ends.

#include <span>
#include <vector>

namespace noether::dataset {

// The T - 1 intervals between the times, in units of `unit`.
struct Grid {
  double unit = 1;
  std::vector<double> intervals;

  std::size_t points() const { return intervals.size() + 1; }
};
Grid even_grid(std::size_t points, double dt);
// The unit is the mean interval. Throws DataError unless the times grow.
Grid grid_of(std::span<const double> times);

// The smoothing spline at the points: f in the units of the values, f' in these over that of time.
struct Smooth {
  std::vector<double> values, slopes;
};

// Throws DataError for fewer than four values, UsageError unless strength > 0.
Smooth smoothing_spline(std::span<const double> values, const Grid& grid, double strength);

// The root mean square, over points, of the standard deviation that noise of standard deviation one
// on the values gives to the slopes.
double slope_noise(const Grid& grid, double strength);

// Values of one coordinate along one trajectory, at the points of a grid.
struct Series {
  const Grid* grid;
  std::vector<double> values;
};

// What cross-validation says of several series of one coordinate.
struct Smoothing {
  double strength = 0;
  double noise = 0;  // sqrt(sum (y - f)^2 / sum (1 - A_ii)): the standard deviation left over
};

// Of the powers of two from 2^-20 to 2^24 the strength with the least generalised cross-validation
// (Craven and Wahba, Numerische Mathematik 31, 1979)
//     mean (y - f)^2 / (1 - trace(A) / n)^2 ,   f = A y,
// over all points of all series, so that nobody need know how large the noise is. Throws DataError
// where there is no series, or one has fewer than four points.
Smoothing best_smoothing(std::span<const Series> series);

// Of the same strengths the one whose residuals y - f are nearest to this noise, which is positive,
// in root mean square: where somebody knows it (Morozov's discrepancy principle). Throws as
// best_smoothing.
Smoothing smoothing_of_noise(std::span<const Series> series, double noise);

}  // namespace noether::dataset
