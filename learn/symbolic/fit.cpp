#include "learn/symbolic/fit.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <utility>

#include "learn/symbolic/linear_guess.h"

namespace noether::learn::symbolic {

namespace {

Eigen::VectorXd weighted(std::vector<double> r, std::span<const double> weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) r[i] *= std::sqrt(weights[i]);
  return Eigen::Map<const Eigen::VectorXd>(r.data(), std::ssize(r));
}

// The derivatives of the residuals, whose values here are r, by each parameter.
template <class Residuals>
Eigen::MatrixXd jacobian(const Residuals& residuals_at, const std::vector<double>& parameters,
                         const Eigen::VectorXd& r) {
  Eigen::MatrixXd J(r.size(), std::ssize(parameters));
  for (std::size_t j = 0; j < parameters.size(); ++j) {
    std::vector<double> moved = parameters;
    // half of the digits, the best balance between rounding and curvature
    moved[j] += 1.5e-8 * std::max(std::abs(moved[j]), 1e-3);
    J.col(static_cast<Eigen::Index>(j)) = (residuals_at(moved) - r) / (moved[j] - parameters[j]);
  }
  return J;
}

// The values that each parameter that is not affine starts from.
std::vector<double> start_values(std::ptrdiff_t count) {
  if (count == 1) return {1, -1, 0.3, -0.3, 3, -3};
  if (count == 2) return {0.5, -0.5, 2, -2};
  return {1, -1};
}

std::vector<std::vector<double>> start_grid(const std::vector<bool>& affine) {
  const std::vector<double> values = start_values(std::ranges::count(affine, false));
  std::vector<std::vector<double>> grid{std::vector<double>(affine.size(), 1)};
  for (std::size_t j = 0; j < affine.size(); ++j) {
    if (affine[j]) continue;
    std::vector<std::vector<double>> longer;
    for (const auto& start : grid) {
      for (const double value : values) {
        longer.push_back(start);
        longer.back()[j] = value;
      }
    }
    grid = std::move(longer);
  }
  return grid;
}

}  // namespace

Fit descended(const Program& program, const Points& points, std::vector<double> parameters,
              const Descent& options, Machine& machine) {
  const auto residuals_at = [&](const std::vector<double>& at) {
    return weighted(residuals(program, points, at, machine), options.weights);
  };
  for (double& c : parameters) c = std::clamp(c, -options.bound, options.bound);
  Eigen::VectorXd r = residuals_at(parameters);
  double sum = r.squaredNorm(), damping = 1e-3;
  const auto k = std::ssize(parameters);
  for (int step = 0; k > 0 && sum > 0 && step < options.steps; ++step) {
    const Eigen::MatrixXd J = jacobian(residuals_at, parameters, r);
    const Eigen::MatrixXd H = J.transpose() * J;
    const Eigen::VectorXd g = J.transpose() * r;
    double next_sum = sum;
    // more damping until the sum falls; where it never does, this is the minimum
    for (; damping < 1e12; damping *= 10) {
      Eigen::MatrixXd damped = H;
      damped.diagonal() += damping * H.diagonal() + Eigen::VectorXd::Constant(k, 1e-300);
      const Eigen::VectorXd d = damped.ldlt().solve(g);
      std::vector<double> next = parameters;
      for (std::size_t j = 0; j < next.size(); ++j) {
        next[j] =
            std::clamp(next[j] - d(static_cast<Eigen::Index>(j)), -options.bound, options.bound);
      }
      Eigen::VectorXd next_r = residuals_at(next);
      next_sum = next_r.squaredNorm();
      if (next_sum < sum) {
        parameters = std::move(next);
        r = std::move(next_r);
        break;
      }
      next_sum = sum;
    }
    const double fall = (sum - next_sum) / sum;
    sum = next_sum;
    damping = std::max(damping / 30, 1e-15);
    if (fall <= options.tolerance) break;
  }
  return {.parameters = std::move(parameters), .score = sum / static_cast<double>(points.count)};
}

Fit fitted(const Expression& e, const Program& program, const Points& points, int descents,
           const Descent& options, Machine& machine) {
  const std::vector<bool> affine = affine_parameters(e);
  std::vector<Fit> starts;
  for (std::vector<double>& start : start_grid(affine)) {
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
  double largest = 1;
  for (const auto& column : t.x) {
    double sum = 0;
    for (const double value : column) sum += value * value;
    const double rms = std::sqrt(sum / static_cast<double>(column.size()));
    if (rms > 0) largest = std::max({largest, rms, 1 / rms});
  }
  return 1000 * largest * largest;
}

bool has_run_away(std::span<const double> parameters, double bound) {
  return std::ranges::any_of(parameters, [bound](double c) {
    return std::abs(c) >= 0.999 * bound || std::abs(c) <= 1.001 / bound;
  });
}

}  // namespace noether::learn::symbolic
