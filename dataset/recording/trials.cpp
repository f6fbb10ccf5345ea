#include "dataset/recording/trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/interrupt.h"
#include "dataset/recording/polynomials.h"

namespace noether::dataset {
namespace {

constexpr std::size_t stencil = 9;
// of a coordinate's spread: below it a spline leaves its own error and rounding, no noise
constexpr double least_noise = 1e-6;

std::size_t dimension(const Trials& trials) { return trials.coordinates.size(); }

std::vector<double> column(const std::vector<double>& values, std::size_t j, std::size_t d) {
  std::vector<double> one;
  for (std::size_t at = j; at < values.size(); at += d) one.push_back(values[at]);
  return one;
}

double spread(const Trials& trials, std::size_t j) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const Trial& trial : trials.trials) {
    for (const double value : column(trial.values, j, dimension(trials))) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  return high - low;
}

std::vector<double> polynomial_slopes(const std::vector<double>& times,
                                      const std::vector<double>& values, std::size_t most) {
  const std::size_t n = times.size(), width = std::min(most, n);
  std::vector<double> slopes;
  base::check_interrupt();
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t first = std::min(i - std::min(i, width / 2), n - width);
    slopes.push_back(polynomial_slope(std::span(times).subspan(first, width),
                                      std::span(values).subspan(first, width), i - first));
  }
  return slopes;
}

void put(std::vector<double>& into, const std::vector<double>& one, std::size_t j, std::size_t d) {
  for (std::size_t t = 0; t < one.size(); ++t) into[t * d + j] = one[t];
}

double mean_square(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum / static_cast<double>(values.size());
}

std::vector<double> difference(std::vector<double> a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

// The slopes of one coordinate of a trial, and the mean square of their errors.
struct Slopes {
  std::vector<double> values;
  double error = 0;
};
Slopes slopes_by_polynomials(const std::vector<double>& times, const std::vector<double>& values) {
  Slopes slopes{polynomial_slopes(times, values, stencil)};
  slopes.error =
      mean_square(difference(polynomial_slopes(times, values, stencil - 2), slopes.values));
  return slopes;
}

// One unit serves all, for which a strength means the same in all trials.
std::vector<Grid> grids_of(const Trials& trials) {
  std::vector<Grid> grids;
  for (const Trial& trial : trials.trials) {
    grids.push_back(grid_of(trial.times));
    Grid& grid = grids.back();
    const double ratio = grid.unit / grids.front().unit;
    // units that differ by rounding alone are one
    if (std::abs(ratio - 1) < 1e-9) continue;
    grid.unit = grids.front().unit;
    for (double& interval : grid.intervals) interval *= ratio;
  }
  return grids;
}

// One coordinate of all trials.
void estimate_coordinate(const Trials& trials, const std::vector<Grid>& grids, std::size_t j,
                         std::optional<double> noise, KnownMotion& made) {
  const std::size_t d = dimension(trials);
  std::vector<Series> series;
  for (std::size_t k = 0; k < trials.trials.size(); ++k)
    series.push_back({&grids[k], column(trials.trials[k].values, j, d)});
  const Smoothing smoothing =
      noise.value_or(0) > 0 ? smoothing_of_noise(series, *noise) : best_smoothing(series);
  const bool is_noisy = noise ? *noise > 0 : smoothing.noise > least_noise * spread(trials, j);
  made.noise.push_back(is_noisy ? smoothing.noise : 0);
  double error = 0, size = 0;
  for (std::size_t k = 0; k < series.size(); ++k) {
    Smooth smooth{series[k].values, {}};
    if (is_noisy) {
      smooth = smoothing_spline(series[k].values, grids[k], smoothing.strength);
      const double by_noise = smoothing.noise * slope_noise(grids[k], smoothing.strength);
      error += 2 * by_noise * by_noise;  // as much for bias
    } else {
      const Slopes slopes = slopes_by_polynomials(trials.trials[k].times, series[k].values);
      smooth.slopes = slopes.values;
      error += slopes.error;
    }
    size += mean_square(smooth.slopes);
    put(made.states[k], smooth.values, j, d);
    put(made.derivatives[k], smooth.slopes, j, d);
  }
  if (size > 0) made.relative_error = std::max(made.relative_error, std::sqrt(error / size));
}

// How the steps of one coordinate differ from what its given derivatives make of them.
struct Misfit {
  double noise = 0;  // standard deviation on the values that would explain it
  double share = 0;  // of the steps, where noise does not explain it
};
Misfit misfit_of(const Trials& trials, std::size_t j) {
  const std::size_t d = dimension(trials);
  double squares = 0, neighbours = 0, rounding = 0, steps = 0, count = 0;
  for (const Trial& trial : trials.trials) {
    const auto values = column(trial.values, j, d), slopes = column(trial.derivatives, j, d);
    const auto integral = polynomial_integral(slopes, trial.times);
    const auto rougher = polynomial_integral(slopes, trial.times, 4);
    double before = 0;
    for (std::size_t n = 1; n < values.size(); ++n) {
      const double step = integral[n] - integral[n - 1];
      const double rest = values[n] - values[n - 1] - step;
      squares += rest * rest;
      neighbours += rest * before;
      rounding += std::pow(step - (rougher[n] - rougher[n - 1]), 2);
      steps += std::pow(values[n] - values[n - 1], 2);
      count += 1;
      before = rest;
    }
  }
  const double noise = std::sqrt(squares / (2 * count));
  if (noise <= least_noise * spread(trials, j) || squares <= 4 * rounding) return {};
  // steps that share a noisy point are anticorrelated, by -.5; those of a wrong derivative are
  // alike
  if (neighbours < -0.25 * squares) return {.noise = noise};
  return {.share = neighbours > 0.25 * squares ? std::sqrt(squares / steps) : 0};
}

}  // namespace

void check_trials(const Trials& trials) {
  const auto fail = [&](const std::string& what) {
    throw base::DataError(fmt::format("'{}': {}", trials.source, what));
  };
  if (trials.trials.empty()) fail("there is no trajectory in it");
  for (const Trial& trial : trials.trials) {
    if (trial.times.size() < 4)
      fail(fmt::format("trial {} has {} points, at least four are needed", trial.name,
                       trial.times.size()));
    for (std::size_t n = 0; n < trial.times.size(); ++n) {
      if (!std::isfinite(trial.times[n]))
        fail(fmt::format("trial {}: time {} is not finite", trial.name, n));
      if (n > 0 && !(trial.times[n] > trial.times[n - 1]))
        fail(fmt::format("trial {}: t = {} does not come after t = {}", trial.name, trial.times[n],
                         trial.times[n - 1]));
    }
    for (const auto* numbers : {&trial.values, &trial.derivatives}) {
      const auto bad =
          std::ranges::find_if(*numbers, [](double value) { return !std::isfinite(value); });
      if (bad == numbers->end()) continue;
      const auto at = static_cast<std::size_t>(bad - numbers->begin());
      fail(fmt::format("trial {}, t = {}: {} of '{}' is not finite", trial.name,
                       trial.times[at / dimension(trials)],
                       numbers == &trial.values ? "the value" : "the derivative",
                       trials.coordinates[at % dimension(trials)]));
    }
    if (trial.derivatives.empty() != trials.trials.front().derivatives.empty())
      fail("some trials have derivatives, others have none");
  }
}

void unwrap(Trials& trials, std::size_t j, double turn) {
  const std::size_t d = dimension(trials);
  for (Trial& trial : trials.trials) {
    double shift = 0;
    for (std::size_t at = j + d; at < trial.values.size(); at += d) {
      const double before = trial.values[at - d] - shift;
      shift -= turn * std::round((trial.values[at] - before) / turn);
      trial.values[at] += shift;
    }
  }
}

std::optional<std::string> wrapped_angle(const Trials& trials) {
  const std::size_t d = dimension(trials);
  for (std::size_t j = 0; j < d; ++j) {
    for (const Trial& trial : trials.trials) {
      const std::vector<double> values = column(trial.values, j, d);
      std::vector<double> steps;
      for (std::size_t n = 1; n < values.size(); ++n)
        steps.push_back(std::abs(values[n] - values[n - 1]));
      std::vector<double> sorted = steps;
      std::ranges::nth_element(sorted, sorted.begin() + std::ssize(sorted) / 2);
      const double usual = sorted[sorted.size() / 2];
      for (std::size_t n = 0; n < steps.size(); ++n) {
        for (const double turn : {2 * std::numbers::pi, 360.0}) {
          // the step itself is on top of the turn
          if (usual > 0.2 * turn || std::abs(steps[n] - turn) > 3 * usual + 0.02 * turn) continue;
          return fmt::format("{} jumps by {:.4g} in trial {} at t = {:g}", trials.coordinates[j],
                             values[n + 1] - values[n], trial.name, trial.times[n + 1]);
        }
      }
    }
  }
  return std::nullopt;
}

KnownMotion known_motion(const Trials& trials, std::optional<double> noise) {
  check_trials(trials);
  KnownMotion made{{}, {}, {}, {}, as_given};
  for (const Trial& trial : trials.trials) {
    made.states.push_back(trial.values);
    made.derivatives.push_back(trial.derivatives);
  }
  if (!trials.trials.front().derivatives.empty()) {
    for (std::size_t j = 0; j < dimension(trials); ++j) {
      const Misfit misfit = misfit_of(trials, j);
      made.noise.push_back(noise.value_or(misfit.noise));
      made.misfit.push_back(misfit.share);
    }
    return made;
  }
  for (std::size_t k = 0; k < trials.trials.size(); ++k)
    made.derivatives[k].resize(trials.trials[k].values.size());
  const std::vector<Grid> grids = grids_of(trials);
  for (std::size_t j = 0; j < dimension(trials); ++j)
    estimate_coordinate(trials, grids, j, noise, made);
  const bool is_noisy = std::ranges::any_of(made.noise, [](double one) { return one > 0; });
  made.method = is_noisy ? by_smoothing : by_polynomials;
  return made;
}

}  // namespace noether::dataset
