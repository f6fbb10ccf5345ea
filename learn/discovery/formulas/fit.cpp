#include "learn/discovery/formulas/fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "learn/discovery/damped_descent.h"
#include "learn/discovery/formulas/linear_guess.h"
#include "learn/discovery/formulas/parameter_sizes.h"
#include "learn/discovery/matrix.h"

namespace noether::learn::symbolic {

namespace {

struct State {
  std::vector<double> parameters;
  Vector r;    // weighted
  double sum;  // of squares
};

// The derivatives of the residuals at these parameters by each of them.
template <class StateAt>
Matrix jacobian(const StateAt& state_at, const State& at, std::span<const double> sizes) {
  Matrix J(at.r.size(), std::ssize(at.parameters));
  for (std::size_t j = 0; j < at.parameters.size(); ++j) {
    std::vector<double> moved = at.parameters;
    // half of the digits, the best balance between rounding and curvature
    moved[j] += 1.5e-8 * std::max(std::abs(moved[j]), 1e-3 * (sizes.empty() ? 1 : sizes[j]));
    const double h = moved[j] - at.parameters[j];
    J.col(static_cast<Index>(j)) = (state_at(std::move(moved)).r - at.r) / h;
  }
  return J;
}

// The values that each parameter that is not affine starts from.
std::vector<double> start_values(std::ptrdiff_t count) {
  if (count == 1) return {1, -1, 0.3, -0.3, 3, -3};
  if (count == 2) return {0.5, -0.5, 2, -2};
  return {1, -1};
}

std::vector<std::vector<double>> start_grid(const std::vector<bool>& affine,
                                            std::span<const double> sizes) {
  const std::vector<double> values = start_values(std::ranges::count(affine, false));
  std::vector<std::vector<double>> grid{std::vector<double>(affine.size(), 1)};
  for (std::size_t j = 0; j < affine.size(); ++j) {
    if (affine[j]) continue;
    std::vector<std::vector<double>> longer;
    for (const auto& start : grid) {
      for (const double value : values) {
        longer.push_back(start);
        longer.back()[j] = value * sizes[j];
      }
    }
    grid = std::move(longer);
  }
  return grid;
}

}  // namespace

Fit descended(const Program& program, const Points& points, std::vector<double> parameters,
              const Descent& options, Machine& machine) {
  const auto state_at = [&](std::vector<double> at) {
    std::vector<double> r = residuals(program, points, at, machine);
    for (std::size_t i = 0; i < options.weights.size(); ++i) r[i] *= std::sqrt(options.weights[i]);
    const Eigen::Map<const Vector> all(r.data(), std::ssize(r));
    return State{std::move(at), all, all.squaredNorm()};
  };
  const auto linearised = [&](const State& at) {
    const Matrix J = jacobian(state_at, at, options.sizes);
    return [&, H = transposed_product(J, J), g = transposed_product(J, at.r)](double damping) {
      Matrix damped = H;
      // a parameter that moves nothing stays
      damped.diagonal().array() += damping * H.diagonal().array() + 1e-300;
      const Vector step = SymmetricSolver(damped).solve(g);
      std::vector<double> next = at.parameters;
      for (std::size_t j = 0; j < next.size(); ++j) {
        next[j] -= step(static_cast<Index>(j));
        next[j] = std::clamp(next[j], -options.bound, options.bound);
      }
      return state_at(std::move(next));
    };
  };
  for (double& c : parameters) c = std::clamp(c, -options.bound, options.bound);
  State at = state_at(std::move(parameters));
  if (!at.parameters.empty()) {
    at = damped_descent(std::move(at), options.steps, options.tolerance, linearised);
  }
  return {.parameters = std::move(at.parameters),
          .score = at.sum / static_cast<double>(points.count)};
}

Fit fitted(const Expression& e, const Program& program, const Points& points, int descents,
           Descent options, Machine& machine) {
  const std::vector<bool> affine = affine_parameters(e);
  const std::vector<double> sizes = parameter_sizes(e, points);
  options.sizes = sizes;
  std::vector<Fit> starts;
  for (std::vector<double>& start : start_grid(affine, sizes)) {
    if (std::ranges::count(affine, true) > 0) {
      start = linear_guess(program, points, std::move(start), affine, machine);
    }
    for (double& c : start) c = std::clamp(c, -options.bound, options.bound);
    const double at = score(program, points, start, machine);
    starts.push_back({.parameters = std::move(start), .score = at});
  }
  std::ranges::stable_sort(starts, {}, &Fit::score);
  starts.resize(std::min(starts.size(), static_cast<std::size_t>(descents)));
  Fit best;
  for (Fit& start : starts) {
    Fit end = descended(program, points, std::move(start.parameters), options, machine);
    if (end.score < best.score || best.parameters.empty()) best = std::move(end);
  }
  return best;
}

double parameter_bound(const Trajectories& t) {
  double largest = 1, least_rms = HUGE_VAL, largest_rms = 0;
  for (const auto& column : t.x) {
    double sum = 0;
    for (const double value : column) sum += value * value;
    const double rms = std::sqrt(sum / static_cast<double>(column.size()));
    if (!(rms > 0)) continue;
    largest = std::max({largest, rms, 1 / rms});
    least_rms = std::min(least_rms, rms);
    largest_rms = std::max(largest_rms, rms);
  }
  if (largest_rms > 0) largest = std::max(largest, largest_rms / least_rms);
  return 1000 * largest * largest;
}

bool has_run_away(std::span<const double> parameters, double bound) {
  return std::ranges::any_of(parameters, [bound](double c) {
    return std::abs(c) >= 0.999 * bound || std::abs(c) <= 1.001 / bound;
  });
}

}  // namespace noether::learn::symbolic
