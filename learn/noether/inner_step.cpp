#include "learn/noether/inner_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "base/text.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/multipliers.h"

namespace noether::learn {

namespace {

// keeps 0 / 0 at a residual of zero from being one; far below any square of interest
constexpr double tiny = 1e-30;

struct RuleInfo {
  std::string_view name;
  bool has_rate;
};
// in the order of the enumeration
constexpr std::array rule_infos{RuleInfo{"sgd", true},           RuleInfo{"polyak", false},
                                RuleInfo{"gauss-newton", false}, RuleInfo{"least-norm", false},
                                RuleInfo{"normalised", true},    RuleInfo{"adam", true}};

const RuleInfo& rule_of(StepRule rule) { return rule_infos.at(static_cast<std::size_t>(rule)); }

void check_rate(const InnerStep& step) {
  if (has_rate(step.rule) && !step.rate.defined()) {
    throw base::UsageError(
        fmt::format("an inner step of the rule {} needs a rate", to_string(step.rule)));
  }
}

// sum over all but the first axis, as [n, 1]
Tensor row_sum(const Tensor& x) {
  const std::int64_t n = x.shape()[0];
  return sum(reshape(x, {n, x.size() / n}), 1, true);
}

// One factor a query, [n, 1], in a shape that multiplies weights of `shape`: [n, ...], or weights
// that all queries share, where n is 1.
Tensor factor_for(const Tensor& factor, const Shape& shape, const InnerStep& step) {
  if (!step.by_query) return reshape(factor, {});
  Shape extents = shape;
  for (int axis = 1; axis < shape.rank(); ++axis) extents = extents.with(axis, 1);
  return reshape(factor, extents);
}

// Residuals [n, m] and the direction D; without by_query n is 1.
struct Direction {
  Tensor residuals;
  Params along;
};

// <a, b> over the weights that move: [n, 1].
Tensor inner_product(const Params& a, const Params& b, const InnerStep& step) {
  Tensor total;
  for (const auto& [name, value] : a) {
    if (!step.moves(name)) continue;
    const Tensor product = value * b[name];
    const Tensor part = row_sum(step.by_query ? product : reshape(product, {1, product.size()}));
    total = total.defined() ? total + part : part;
  }
  return total;
}

// The whole step of least_norm, J' lambda, where there are several residuals.
Direction least_norm_direction(const ResidualsOf& as_rows, const Params& theta,
                               const InnerStep& step) {
  const auto [r, pullback] = vjp(as_rows, theta);
  if (!solves_system(step, r)) return {r, pullback(seed(r))};
  std::vector<Params> jacobian;
  std::vector<Tensors> gram;
  for (std::int64_t j = 0; j < r.shape()[1]; ++j) {
    jacobian.push_back(pullback(unit_seed(r, j)));
    gram.emplace_back();
    for (const Params& other : jacobian)
      gram.back().push_back(inner_product(jacobian.back(), other, step));
  }
  const Tensor lambda = multipliers(gram, r, step.epsilon);
  Params along;
  for (const auto& [name, value] : theta) {
    Tensor sum;
    for (std::size_t j = 0; j < jacobian.size(); ++j) {
      const Tensor multiplier = column(lambda, static_cast<std::int64_t>(j));
      const Tensor factor = factor_for(multiplier, value.shape(), step);
      const Tensor part = factor * jacobian[j][name];
      sum = sum.defined() ? sum + part : part;
    }
    along.add(name, sum);
  }
  return {r, along};
}

Direction direction_of(const ResidualsOf& residuals, const Params& theta, const InnerStep& step) {
  if (std::ranges::none_of(theta, [&](const auto& entry) { return step.moves(entry.first); }))
    throw base::UsageError("the inner step moves no weights");
  const auto as_rows = [&](const Params& at) {
    const Tensor r = residuals(at);
    return step.by_query ? r : reshape(r, {1, r.size()});
  };
  if (step.rule == StepRule::least_norm) return least_norm_direction(as_rows, theta, step);
  const auto [r, pullback] = vjp(as_rows, theta, Tape::freed);
  return {r, pullback(seed(r))};
}

Tensor squared_length(const Direction& direction, const InnerStep& step) {
  Tensor norm;
  for (const auto& [name, d] : direction.along) {
    if (!step.moves(name)) continue;
    const Tensor part = row_sum(step.by_query ? square(d) : reshape(square(d), {1, d.size()}));
    norm = norm.defined() ? norm + part : part;
  }
  return norm;
}

Params moved(const Direction& direction, const Params& theta, const InnerStep& step) {
  const Tensor factor = step_factor(step, direction.residuals, squared_length(direction, step));
  Params next;
  for (const auto& [name, value] : theta) {
    next.add(name, step.moves(name)
                       ? value - factor_for(factor, value.shape(), step) * direction.along[name]
                       : value);
  }
  return next;
}

InnerState moved_by_adam(const Direction& direction, const InnerState& state, const InnerStep& step,
                         int done) {
  check_rate(step);
  const Tensor& r = direction.residuals;
  const Tensor to_gradient = scale(r.shape()[1] == 1 ? r : ones_like(row_sum(r)), 2);
  const double correction1 = 1 - std::pow(step.beta1, done + 1),
               correction2 = 1 - std::pow(step.beta2, done + 1);
  InnerState next;
  for (const auto& [name, value] : state.first) {
    if (!step.moves(name)) {
      next.first.add(name, value);
      continue;
    }
    const Tensor g = factor_for(to_gradient, value.shape(), step) * direction.along[name];
    const auto& [m_before, v_before] = state.second;
    const Tensor m = scale(m_before[name], step.beta1) + scale(g, 1 - step.beta1);
    const Tensor v = scale(v_before[name], step.beta2) + scale(square(g), 1 - step.beta2);
    const Tensor root = sqrt(shift(scale(v, 1 / correction2), step.epsilon));
    next.first.add(name, value - reshape(step.rate, {}) * (scale(m, 1 / correction1) / root));
    next.second.first.add(name, m);
    next.second.second.add(name, v);
  }
  return next;
}

}  // namespace

bool InnerStep::moves(const std::string& name) const {
  return weights.empty() || std::ranges::find(weights, name) != weights.end();
}

bool has_rate(StepRule rule) { return rule_of(rule).has_rate; }

bool keeps_low_rank(StepRule rule) { return rule != StepRule::adam; }

const std::vector<std::string>& step_rule_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const RuleInfo& rule : rule_infos) all.emplace_back(rule.name);
    return all;
  }();
  return names;
}

StepRule step_rule_of(std::string_view name) {
  const auto found = std::ranges::find(rule_infos, name, &RuleInfo::name);
  if (found != rule_infos.end()) return static_cast<StepRule>(found - rule_infos.begin());
  throw base::UsageError(fmt::format("no inner step is called '{}'; there are {}", name,
                                     base::join(step_rule_names())));
}

std::string_view to_string(StepRule rule) { return rule_of(rule).name; }

bool solves_system(const InnerStep& step, const Tensor& residuals) {
  return step.rule == StepRule::least_norm && residuals.shape()[1] > 1;
}

Tensor seed(const Tensor& residuals) {
  return residuals.shape()[1] == 1 ? ones_like(residuals) : residuals;
}

Tensor step_factor(const InnerStep& step, const Tensor& residuals, const Tensor& squared_norm) {
  check_rate(step);
  // the direction is the step
  if (solves_system(step, residuals)) return ones_like(squared_norm);
  const bool one = residuals.shape()[1] == 1;
  if (has_rate(step.rule)) {
    const Tensor twice = broadcast_to(scale(step.rate, 2), squared_norm.shape());
    const Tensor factor = one ? twice * residuals : twice;
    if (step.rule == StepRule::sgd) return factor;
    // grad L = 2 r D for one residual, 2 D for several
    const Tensor length = one ? square(residuals) * squared_norm : squared_norm;
    return factor / sqrt(shift(scale(length, 4), step.epsilon));
  }
  const Tensor loss = one ? residuals : sum(square(residuals), 1, true);
  const Tensor newton = one ? loss / (squared_norm + step.epsilon)
                            : loss / (squared_norm + scale(loss, step.epsilon) + tiny);
  if (step.rule != StepRule::polyak) return newton;
  const Tensor half = scale(newton, 0.5 * step.share);
  if (step.target == 0) return half;
  // (L - L*)+ / L
  const Tensor whole = shift(one ? square(residuals) : loss, tiny);
  return half * relu(shift(scale(power(whole, -1), -step.target), 1));
}

Params tailor(const ResidualsOf& residuals, const Params& theta, const InnerStep& step) {
  InnerState now = first_inner_state(theta, step);
  for (int k = 0; k < step.steps; ++k) now = next_inner_state(residuals, now, step, k);
  return now.first;
}

InnerState first_inner_state(const Params& theta, const InnerStep& step) {
  InnerState state{theta, {}};
  if (step.rule != StepRule::adam) return state;
  for (const auto& [name, value] : theta) {
    if (!step.moves(name)) continue;
    state.second.first.add(name, zeros_like(value));
    state.second.second.add(name, zeros_like(value));
  }
  return state;
}

InnerState next_inner_state(const ResidualsOf& residuals, const InnerState& state,
                            const InnerStep& step, int done) {
  const Direction direction = direction_of(residuals, state.first, step);
  if (step.rule == StepRule::adam) return moved_by_adam(direction, state, step, done);
  return {moved(direction, state.first, step), {}};
}

}  // namespace noether::learn
