#include "bench/discovery/claims.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "learn/discovery/library/independence.h"

namespace noether::bench {
namespace {

namespace symbolic = learn::symbolic;
using symbolic::Expression;
using symbolic::Trajectories;

// Gradients are parallel where the sine of their angle is below this: claims are ten times as
// exact, and different laws are far from it.
constexpr double parallel = 1e-2;

// The noise-free test states, as trajectories of one point: only their rates are needed.
Trajectories test_states(const Task& task) {
  Trajectories data{.coordinates = task.coordinates, .count = task.test_x.shape()[0], .samples = 1};
  const auto d = static_cast<std::size_t>(task.dimension());
  data.x.resize(d);
  data.dx_dt.resize(d);
  const auto x = task.test_x.data<double>(), v = task.test_dx_dt.data<double>();
  for (std::size_t i = 0; i < x.size(); ++i) {
    data.x[i % d].push_back(x[i]);
    data.dx_dt[i % d].push_back(v[i]);
  }
  return data;
}

std::vector<Expression> claims_of(const Discovery& d) {
  std::vector<Expression> claims;
  for (const auto& law : d.found.classes) {
    if (law.conserved) claims.push_back(symbolic::with_values(law.formula, law.parameters));
  }
  for (const auto& law : d.independent.laws) claims.push_back(law.formula);
  return claims;
}

// The gradient of an invariant by central differences, in the metric: r blocks of n.
std::vector<double> spread_of(const sim::Invariant& law, const sim::System& system,
                              const Task& task, const Trajectories& data,
                              const symbolic::Metric& metric) {
  const auto n = static_cast<std::size_t>(data.count);
  const std::size_t rows =
      task.constants.size() / std::max<std::size_t>(system.constants.size(), 1);
  std::vector<double> spread(metric.root.size() * n);
  std::vector<double> state(data.x.size());
  for (std::size_t i = 0; i < n; ++i) {
    const auto constants = sim::constants_of(system, task.constants, i * rows / n);
    for (std::size_t d = 0; d < state.size(); ++d) state[d] = data.x[d][i];
    for (std::size_t d = 0; d < state.size(); ++d) {
      const double at = state[d], step = 1e-5;
      state[d] = at + step;
      const double ahead = law.value(state, constants);
      state[d] = at - step;
      const double slope = (ahead - law.value(state, constants)) / (2 * step);
      state[d] = at;
      for (std::size_t r = 0; r < metric.root.size(); ++r)
        spread[r * n + i] += metric.root[r][d] * slope;
    }
  }
  return spread;
}

double rms(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

JudgedClaims judged(const Discovery& discovery, const sim::System& system) {
  const Trajectories data = test_states(discovery.task);
  const symbolic::Points points = symbolic::all_points(data);
  const symbolic::Metric metric = symbolic::metric(data);
  const auto n = static_cast<std::size_t>(data.count);
  symbolic::Machine machine(static_cast<int>(data.dimension()));
  symbolic::GradientSpan span;
  const auto outside = [&](const std::vector<double>& gradient) {
    // a function that is one number everywhere has no gradient in the metric
    return rms(gradient) > 1e-9 && span.share_outside(gradient, n) > parallel;
  };
  JudgedClaims result;
  for (const Expression& claim : claims_of(discovery)) {
    ++result.claims;
    const double score = symbolic::score(symbolic::compile(claim), points, {}, machine);
    if (score > false_rms_sine * false_rms_sine) ++result.false_claims;
    const auto gradient = symbolic::slopes(std::array{claim}, data, metric).spread[0];
    if (outside(gradient)) span.add(gradient, n);
  }
  for (const sim::Invariant& law : system.invariants) {
    if (law.law != sim::Law::conserved) continue;
    const auto gradient = spread_of(law, system, discovery.task, data, metric);
    if (rms(gradient) > 1e-9) result.laws.push_back({law.name, !outside(gradient)});
  }
  return result;
}

}  // namespace noether::bench
