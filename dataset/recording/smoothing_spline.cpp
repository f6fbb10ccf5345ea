#include "dataset/recording/smoothing_spline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include "base/error.h"
#include "base/interrupt.h"

namespace noether::dataset {
namespace {

using Values = std::vector<double>;

// the unknowns of a point, in units of the grid: f, f' and f''
constexpr std::size_t unknowns = 3;
// diagonals below the main one: a point meets the next one
constexpr std::size_t band = 2 * unknowns - 1;

// The integral of f'''^2 over an interval of length one is r . energy . r with
// r = z_1 - shift . z_0, z = (f, f', f'') at its ends: f is the quintic with these values there.
// Over an interval of length h it is h^-5 times that of (f, h f', h^2 f'').
constexpr double energy[3][3] = {{720, -360, 60}, {-360, 192, -36}, {60, -36, 9}};
constexpr double shift[3][3] = {{1, 1, 0.5}, {0, 1, 1}, {0, 0, 1}};

using Form = std::array<std::array<double, 6>, 6>;

// The same as one quadratic form of (z_0, z_1): D^T energy D with D = (-shift, 1).
Form unit_form() {
  Form form{};
  const auto D = [](std::size_t k, std::size_t i) {
    return i < 3 ? -shift[k][i] : (k == i - 3 ? 1.0 : 0.0);
  };
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t l = 0; l < 3; ++l) form[i][j] += D(k, i) * energy[k][l] * D(l, j);
  return form;
}

Form form_of(double h) {
  Form form = unit_form();
  const std::array<double, 3> lengths{1, h, h * h};
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      form[i][j] *= lengths[i % 3] * lengths[j % 3] / (h * h * h * h * h);
  return form;
}

// The normal equations of a spline of n points, factored into L D L^T with L of unit diagonal.
class NormalEquations {
 public:
  NormalEquations(const Grid& grid, double strength) : rows_(grid.points() * unknowns) {
    for (std::size_t i = 0; i < grid.points(); ++i) rows_[i * unknowns][0] = 1;
    for (std::size_t i = 0; i < grid.intervals.size(); ++i) {
      const Form form = form_of(grid.intervals[i]);
      for (std::size_t a = 0; a < 6; ++a)
        for (std::size_t b = 0; b <= a; ++b)
          rows_[i * unknowns + a][a - b] += strength * form[a][b];
    }
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

  // n - trace(A): how much of white noise is not fitted. Of the inverse the band alone is computed,
  // from its last row up (Takahashi, Fagan and Chin 1973).
  double unfitted() const {
    std::vector<std::array<double, band + 1>> inverse(rows_.size() + band);  // below the diagonal
    double sum = 0;
    for (std::size_t i = rows_.size(); i-- > 0;) {
      const std::size_t below = std::min(band, rows_.size() - 1 - i);
      for (std::size_t m = below + 1; m-- > 0;) {
        double value = m == 0 ? 1 / rows_[i][0] : 0;
        for (std::size_t k = 1; k <= below; ++k) {
          const std::size_t low = std::min(m, k), gap = std::max(m, k) - low;
          value -= rows_[i + k][k] * (m == 0 ? inverse[i][k] : inverse[i + low][gap]);
        }
        inverse[i][m] = value;
      }
      if (i % unknowns == 0) sum += 1 - inverse[i][0];
    }
    return sum;
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

double squared_residual(const NormalEquations& equations, const Values& y) {
  const Values z = equations.solve(y);
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double off = y[i] - z[i * unknowns];
    sum += off * off;
  }
  return sum;
}

// Of one strength: sum (y - f)^2, and n - trace(A), over all series.
struct Fit {
  double residual = 0, unfitted = 0;
};
Fit fit_of(std::span<const Series> series, double strength) {
  Fit fit;
  std::optional<NormalEquations> equations;
  double unfitted = 0;
  const Grid* grid = nullptr;
  for (const Series& s : series) {
    base::check_interrupt();
    // neighbours mostly share their grid
    if (grid == nullptr || (grid != s.grid && grid->intervals != s.grid->intervals)) {
      equations.emplace(*s.grid, strength);
      unfitted = equations->unfitted();
    }
    grid = s.grid;
    fit.residual += squared_residual(*equations, s.values);
    fit.unfitted += unfitted;
  }
  return fit;
}

double noise_left(const Fit& fit) { return std::sqrt(fit.residual / fit.unfitted); }

// Of the strengths the one with the least score.
template <class Score>
Smoothing least_smoothing(std::span<const Series> series, const Score& score_of) {
  if (series.empty()) throw base::DataError("there is no trajectory to smooth");
  for (const Series& s : series) check_points(s.values.size());
  Smoothing best;
  double least = std::numeric_limits<double>::infinity();
  // weaker ones interpolate to 1e-3 of the noise; on 45 points stronger ones fit a quadratic, and
  // rounding, in a matrix of condition 720 strength, would reach 1e-5
  for (int power = -20; power <= 24; ++power) {
    const double strength = std::ldexp(1.0, power);
    const Fit fit = fit_of(series, strength);
    const double score = score_of(fit);
    if (score >= least) continue;
    least = score;
    best = {strength, noise_left(fit)};
  }
  return best;
}

}  // namespace

Grid even_grid(std::size_t points, double dt) {
  return {dt, Values(points > 0 ? points - 1 : 0, 1.0)};
}

Grid grid_of(std::span<const double> times) {
  if (times.size() < 2) return {};
  Grid grid{(times.back() - times.front()) / static_cast<double>(times.size() - 1), {}};
  for (std::size_t n = 1; n < times.size(); ++n) {
    grid.intervals.push_back((times[n] - times[n - 1]) / grid.unit);
    if (!(grid.intervals.back() > 0))
      throw base::DataError(fmt::format("time {} does not come after {}", times[n], times[n - 1]));
  }
  return grid;
}

Smooth smoothing_spline(std::span<const double> values, const Grid& grid, double strength) {
  check_points(values.size());
  if (!(strength > 0))
    throw base::UsageError("the strength of a smoothing spline must be positive");
  const Values z = NormalEquations(grid, strength).solve(values);
  Smooth smooth;
  for (std::size_t i = 0; i < values.size(); ++i) {
    smooth.values.push_back(z[i * unknowns]);
    smooth.slopes.push_back(z[i * unknowns + 1] / grid.unit);
  }
  return smooth;
}

double slope_noise(const Grid& grid, double strength) {
  const NormalEquations equations(grid, strength);
  Values unit(grid.points());
  double sum = 0;
  // the response to some points, evenly spaced, stands for that to all
  const std::size_t stride = 1 + unit.size() / 400;
  std::size_t asked = 0;
  for (std::size_t j = stride / 2; j < unit.size(); j += stride, ++asked) {
    unit[j] = 1;
    const Values z = equations.solve(unit);
    for (std::size_t i = 0; i < unit.size(); ++i) sum += z[i * unknowns + 1] * z[i * unknowns + 1];
    unit[j] = 0;
  }
  return std::sqrt(sum / static_cast<double>(asked)) / grid.unit;
}

Smoothing best_smoothing(std::span<const Series> series) {
  return least_smoothing(
      series, [](const Fit& fit) { return fit.residual / (fit.unfitted * fit.unfitted); });
}

Smoothing smoothing_of_noise(std::span<const Series> series, double noise) {
  double points = 0;
  for (const Series& s : series) points += static_cast<double>(s.values.size());
  return least_smoothing(series, [&](const Fit& fit) {
    return std::abs(std::log(std::sqrt(fit.residual / points) / noise));
  });
}

}  // namespace noether::dataset
