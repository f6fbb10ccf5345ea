#include "learn/discovery/formulas/level_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/random.h"
#include "learn/discovery/damped_descent.h"
#include "learn/discovery/gradient_columns.h"
#include "learn/discovery/matrix.h"

namespace noether::learn::symbolic {
namespace {

struct State {
  std::vector<double> parameters;
  Vector scatter;  // a number a point
  double sum = 0;
};

State state_at(const Expression& formula, const Observed& observed, std::vector<double> parameters,
               std::span<const double> weights) {
  const auto at = gradient_columns(with_values(formula, parameters), observed.states.x);
  const std::vector<std::int64_t> starts = observed.states.starts();
  // copies, whose place in memory is aligned: sums have the same bits in every run
  const Vector value = Eigen::Map<const Vector>(at.value.data(), std::ssize(at.value));
  const Matrix slopes = to_matrix(at.gradient);
  State state{std::move(parameters), Vector(value.size())};
  for (std::size_t k = 0; k + 1 < starts.size(); ++k) {
    const Index first = starts[k], length = starts[k + 1] - first;
    double explained = 0;
    for (std::size_t d = 0; d < observed.noise.size(); ++d) {
      const auto slope = slopes.col(static_cast<Index>(d)).segment(first, length);
      explained += std::pow(observed.noise[d], 2) * slope.squaredNorm();
    }
    const double weight = weights.empty() ? 1 : weights[k];
    const auto own = value.segment(first, length);
    state.scatter.segment(first, length) =
        (own.array() - own.mean()) * std::sqrt(weight * static_cast<double>(length) / explained);
  }
  state.sum = state.scatter.squaredNorm();
  if (!std::isfinite(state.sum)) state.sum = std::numeric_limits<double>::infinity();
  return state;
}

// How often each trajectory is drawn, with replacement.
std::vector<double> drawn(std::int64_t trajectories, base::RandomStream random) {
  std::vector<double> times(static_cast<std::size_t>(trajectories));
  for (std::int64_t i = 0; i < trajectories; ++i)
    times[static_cast<std::size_t>(random.uniform() * static_cast<double>(trajectories))] += 1;
  return times;
}

void put_on_levels(Law& law, const Observed& observed, int resamples, std::uint64_t seed) {
  if (law.parameters.empty()) return;
  law.parameters = level_parameters(law.formula, observed, law.parameters);
  std::vector<std::vector<double>> values(law.parameters.size());
  for (int i = 0; i < resamples; ++i) {
    const auto weights =
        drawn(observed.states.count,
              base::RandomStream(seed, base::Purpose::bootstrap, static_cast<std::uint64_t>(i)));
    const auto again = level_parameters(law.formula, observed, law.parameters, weights);
    for (std::size_t j = 0; j < again.size(); ++j) values[j].push_back(again[j]);
  }
  if (resamples > 0) law.intervals = intervals_of(std::move(values));
}

}  // namespace

std::vector<double> level_parameters(const Expression& formula, const Observed& observed,
                                     std::vector<double> parameters,
                                     std::span<const double> weights) {
  State start = state_at(formula, observed, std::move(parameters), weights);
  if (!std::isfinite(start.sum)) return start.parameters;
  const auto linearised = [&](const State& at) {
    const auto k = std::ssize(at.parameters);
    Matrix J(at.scatter.size(), k);
    for (Index j = 0; j < k; ++j) {
      std::vector<double> next = at.parameters;
      double& moved = next[static_cast<std::size_t>(j)];
      const double h = 1e-6 * std::max(std::abs(moved), 1e-3);  // the scatter has noise of its own
      moved += h;
      J.col(j) = (state_at(formula, observed, std::move(next), weights).scatter - at.scatter) / h;
    }
    return [&, J = std::move(J)](double damping) {
      Matrix normal = transposed_product(J, J);
      normal.diagonal() *= 1 + damping;
      normal.diagonal().array() += 1e-300;
      const Vector step = SymmetricSolver(normal).solve(transposed_product(J, at.scatter));
      std::vector<double> next = at.parameters;
      for (std::size_t j = 0; j < next.size(); ++j) next[j] -= step[static_cast<Index>(j)];
      return state_at(formula, observed, std::move(next), weights);
    };
  };
  return damped_descent(std::move(start), 30, 1e-9, linearised).parameters;
}

Law on_levels(Law law, const Observed& observed, int resamples, std::uint64_t seed) {
  if (observed.states.count < 2) return law;
  put_on_levels(law, observed, resamples, seed);
  if (!law.other_forms.empty()) put_on_levels(law.other_forms.front(), observed, resamples, seed);
  return law;
}

}  // namespace noether::learn::symbolic
