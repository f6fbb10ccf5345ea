#pragma once

// The steps of tailoring: which way, how far, on which weights. Every engine makes them of this one
// type.

#include <string>
#include <utility>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/noether/loss.h"

namespace noether::learn {

// With L = |r|^2 the loss of a query, r its residuals:
enum class StepRule {
  sgd,           // theta - rate grad L
  polyak,        // theta - L grad L / |grad L|^2: half of Gauss-Newton (Polyak 1987, L* = 0)
  gauss_newton,  // theta - 2 L grad L / (|grad L|^2 + 4 epsilon L), which for one residual is
                 // theta - r grad r / (|grad r|^2 + epsilon); no rate, and the same for every
                 // monotone function of g
  normalised,  // theta - rate grad L / sqrt(|grad L|^2 + epsilon): steps of length `rate`, shorter
               // only where the gradient is below sqrt(epsilon)
  adam         // Kingma and Ba 2015, with epsilon below the root: theta - rate m / sqrt(v +
               // epsilon), m and v the corrected moments of grad L over the steps. At a gradient
               // of zero a root without epsilon has no derivative (optax's eps_root).
};
struct InnerStep {
  StepRule rule = StepRule::gauss_newton;
  Tensor rate{};                       // of rules with a rate: a scalar in the type of the weights,
                                       // learned where it is differentiated
  int steps = 1;                       // K
  std::vector<std::string> weights{};  // the names of those that move; none for all
  double epsilon = 1e-6;
  double beta1 = 0.9, beta2 = 0.999;  // of adam

  bool moves(const std::string& name) const;
};

bool has_rate(StepRule rule);
// Whether a step along a gradient of low rank has low rank. Adam's has not: it gives every single
// weight a length of its own.
bool keeps_low_rank(StepRule rule);

// Throws UsageError for a name that is none of the rules.
StepRule step_rule_of(std::string_view name);
std::string_view to_string(StepRule rule);  // "gauss-newton"
const std::vector<std::string>& step_rule_names();

// How every engine but adam's makes the step: pull `seed` [n, m] back from the residuals [n, m] of
// n queries to a direction D for each, then theta - c D with c = step_factor(residuals, |D|^2),
// both [n, 1]. With one residual D = grad r, with several D = grad L / 2. `step_factor` throws
// UsageError where the rule has a rate and the step none.
Tensor seed(const Tensor& residuals);
Tensor step_factor(const InnerStep& step, const Tensor& residuals, const Tensor& squared_norm);

// theta after K steps on the residuals of all queries together (one set of weights for the batch,
// or for a trajectory, or for whatever the residuals are of). Differentiable to any order, in the
// rate as well.
using ResidualsOf = std::function<Tensor(const Params& theta)>;
Params tailor(const ResidualsOf& residuals, const Params& theta, const InnerStep& step);

// The same for weights with a leading query axis, [n, ...]: residuals [n, m], of which row i
// depends on the weights of query i alone. The sum of all losses is differentiated, so that one
// graph serves the whole batch and no query leaks into another.
Params tailor_rows(const ResidualsOf& residuals, const Params& theta, const InnerStep& step);

// `tailor` step by step: the weights, and the moments m and v that adam remembers of those that
// move; for other rules these are empty.
using InnerState = std::pair<Params, std::pair<Params, Params>>;
InnerState first_inner_state(const Params& theta, const InnerStep& step);
// The state after one more step than the `done` ones before.
InnerState next_inner_state(const ResidualsOf& residuals, const InnerState& state,
                            const InnerStep& step, int done);

}  // namespace noether::learn
