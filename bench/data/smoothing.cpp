#include "bench/data/smoothing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "base/error.h"

namespace noether::bench {
namespace {

using Values = std::vector<double>;

// the unknowns of a point, in steps of one: f, f' and f''
constexpr std::size_t unknowns = 3;
// diagonals below the main one: a point meets the next one
constexpr std::size_t band = 2 * unknowns - 1;

// The integral of f'''^2 over an interval of length one is r . energy . r with
// r = z_1 - shift . z_0, z = (f, f', f'') at its ends: f is the quintic with these values there.
constexpr double energy[3][3] = {{720, -360, 60}, {-360, 192, -36}, {60, -36, 9}};
constexpr double shift[3][3] = {{1, 1, 0.5}, {0, 1, 1}, {0, 0, 1}};

// The same as one quadratic form of (z_0, z_1): D^T energy D with D = (-shift, 1).
std::array<std::array<double, 6>, 6> interval_form() {
  std::array<std::array<double, 6>, 6> form{};
  const auto D = [](std::size_t k, std::size_t i) {
    return i < 3 ? -shift[k][i] : (k == i - 3 ? 1.0 : 0.0);
  };
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t l = 0; l < 3; ++l) form[i][j] += D(k, i) * energy[k][l] * D(l, j);
  return form;
}

// The normal equations of a spline of n points, factored into L D L^T with L of unit diagonal.
class NormalEquations {
 public:
  NormalEquations(std::size_t n, double strength) : rows_(n * unknowns) {
    const auto form = interval_form();
    for (std::size_t i = 0; i < n; ++i) rows_[i * unknowns][0] = 1;
    for (std::size_t i = 0; i + 1 < n; ++i)
      for (std::size_t a = 0; a < 6; ++a)
        for (std::size_t b = 0; b <= a; ++b)
          rows_[i * unknowns + a][a - b] += strength * form[a][b];
    factor();
  }

  std::size_t points() const { return rows_.size() / unknowns; }

  // f, f' and f'' at every point, of the observations.
  Values solve(std::span<const double> observed) const {
    Values z(rows_.size());
    for (std::size_t i = 0; i < observed.size(); ++i) z[i * unknowns] = observed[i];
    for (std::size_t i = 0; i < z.size(); ++i)
      for (std::size_t k = 1; k <= std::min(band, i); ++k) z[i] -= rows_[i][k] * z[i - k];
    for (std::size_t i = 0; i < z.size(); ++i) z[i] /= rows_[i][0];
    for (std::size_t i = z.size(); i-- > 0;)
      for (std::size_t k = 1; k <= std::min(band, i); ++k) z[i - k] -= rows_[i][k] * z[i];
    return z;
  }

  // 1 - trace(A) / n: the share of white noise that is not fitted.
  double unfitted() const {
    double sum = 0;
    Values unit(points());
    for (std::size_t i = 0; i < points(); ++i) {
      unit[i] = 1;
      sum += 1 - solve(unit)[i * unknowns];
      unit[i] = 0;
    }
    return sum / static_cast<double>(points());
  }

 private:
  void factor() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (std::size_t k = std::min(band, i); k > 0; --k) {
        // what is to the left in this row is known
        const std::size_t j = i - k;
        for (std::size_t m = k + 1; m <= std::min(band, i); ++m)
          rows_[i][k] -= rows_[i][m] * rows_[j][m - k] * rows_[i - m][0];
        rows_[i][k] /= rows_[j][0];
      }
      for (std::size_t k = 1; k <= std::min(band, i); ++k)
        rows_[i][0] -= rows_[i][k] * rows_[i][k] * rows_[i - k][0];
    }
  }

  // element k of row i stands k columns left of the diagonal
  std::vector<std::array<double, band + 1>> rows_;
};

// a quadratic fits three points, whatever their noise
void check_points(std::size_t points) {
  if (points >= 4) return;
  throw base::DataError(
      fmt::format("a trajectory of {} points cannot be smoothed; it takes four or more", points));
}

Smooth smooth_of(const NormalEquations& equations, std::span<const double> values, double dt) {
  const Values z = equations.solve(values);
  Smooth smooth;
  for (std::size_t i = 0; i < values.size(); ++i) {
    smooth.values.push_back(z[i * unknowns]);
    smooth.slopes.push_back(z[i * unknowns + 1] / dt);
  }
  return smooth;
}

// The observations of one coordinate, a series a trajectory.
using Series = std::vector<Values>;

double squared_residual(const NormalEquations& equations, const Series& series) {
  double sum = 0;
  for (const Values& y : series) {
    const Values z = equations.solve(y);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double off = y[i] - z[i * unknowns];
      sum += off * off;
    }
  }
  return sum;
}

// The strength of least generalised cross-validation, a coordinate each.
Values best_strengths(const std::vector<Series>& coordinates, std::size_t points) {
  Values best(coordinates.size());
  Values least(coordinates.size(), std::numeric_limits<double>::infinity());
  // weaker ones interpolate to 1e-3 of the noise; on 45 points stronger ones fit a quadratic, and
  // rounding, in a matrix of condition 720 strength, would reach 1e-5
  for (int power = -20; power <= 24; ++power) {
    const double strength = std::ldexp(1.0, power);
    const NormalEquations equations(points, strength);
    const double unfitted = equations.unfitted();
    for (std::size_t j = 0; j < coordinates.size(); ++j) {
      const double score = squared_residual(equations, coordinates[j]) / (unfitted * unfitted);
      if (score >= least[j]) continue;
      least[j] = score;
      best[j] = strength;
    }
  }
  return best;
}

}  // namespace

Smooth smoothing_spline(std::span<const double> values, double dt, double strength) {
  check_points(values.size());
  if (!(strength > 0))
    throw base::UsageError("the strength of a smoothing spline must be positive");
  return smooth_of(NormalEquations(values.size(), strength), values, dt);
}

SmoothTrajectories smoothed(const learn::Tensor& x, std::int64_t trajectories, double dt) {
  if (trajectories < 1) throw base::ShapeError("there is no trajectory to smooth");
  if (x.shape()[0] % trajectories != 0) {
    throw base::ShapeError(fmt::format("{} points are not {} trajectories of the same length",
                                       x.shape()[0], trajectories));
  }
  const auto observed = x.data<double>();
  const auto n = static_cast<std::size_t>(trajectories), d = static_cast<std::size_t>(x.shape()[1]);
  const std::size_t points = static_cast<std::size_t>(x.shape()[0]) / n;
  check_points(points);
  std::vector<Series> coordinates(d, Series(n));
  for (std::size_t at = 0; at < observed.size(); ++at)
    coordinates[at % d][at / (points * d)].push_back(observed[at]);

  const Values strengths = best_strengths(coordinates, points);
  Values values(observed.size()), slopes(observed.size());
  for (std::size_t j = 0; j < d; ++j) {
    const NormalEquations equations(points, strengths[j]);
    for (std::size_t i = 0; i < n; ++i) {
      const Smooth smooth = smooth_of(equations, coordinates[j][i], dt);
      for (std::size_t t = 0; t < points; ++t) {
        values[(i * points + t) * d + j] = smooth.values[t];
        slopes[(i * points + t) * d + j] = smooth.slopes[t];
      }
    }
  }
  return {learn::Tensor::from<double>(values, x.shape()),
          learn::Tensor::from<double>(slopes, x.shape()), strengths};
}

}  // namespace noether::bench
