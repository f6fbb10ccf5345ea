#pragma once

// One step of tailoring: which way, how far, on which weights.

#include <string>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/noether/loss.h"

namespace noether::learn {

// With L = |r|^2 the loss of a query, r its residuals:
enum class StepRule {
  sgd,          // theta - rate grad L
  polyak,       // theta - L grad L / |grad L|^2: half of Gauss-Newton (Polyak 1987, L* = 0)
  gauss_newton  // theta - 2 L grad L / (|grad L|^2 + 4 epsilon L), which for one residual is
                // theta - r grad r / (|grad r|^2 + epsilon); no rate, and the same for every
                // monotone function of g
};
struct InnerStep {
  StepRule rule = StepRule::gauss_newton;
  Tensor rate{};                       // sgd: a scalar, learned where it is differentiated
  int steps = 1;                       // K
  std::vector<std::string> weights{};  // the names of those that move; none for all
  double epsilon = 1e-6;

  bool moves(const std::string& name) const;
};

// Throws UsageError for a name that is none of the rules.
StepRule step_rule_of(std::string_view name);

std::string_view to_string(StepRule rule);  // "gauss-newton"

// How every engine makes the step: pull `seed` [n, m] back from the residuals [n, m] of n queries
// to a direction D for each, then theta - c D with c = step_factor(residuals, |D|^2), both [n, 1].
// With one residual D = grad r, with several D = grad L / 2.
Tensor seed(const Tensor& residuals);
Tensor step_factor(const InnerStep& step, const Tensor& residuals, const Tensor& squared_norm);

// theta after K steps on the residuals of all queries together (one set of weights for the batch,
// or for a trajectory, or for whatever the residuals are of). Differentiable to any order.
using ResidualsOf = std::function<Tensor(const Params& theta)>;
Params tailor(const ResidualsOf& residuals, const Params& theta, const InnerStep& step);

// The same for weights with a leading query axis, [n, ...]: residuals [n, m], of which row i
// depends on the weights of query i alone. The sum of all losses is differentiated, so that one
// graph serves the whole batch and no query leaks into another.
Params tailor_rows(const ResidualsOf& residuals, const Params& theta, const InnerStep& step);

}  // namespace noether::learn
