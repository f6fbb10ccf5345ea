#pragma once

// The inner steps of tailoring: which way, how far, on which weights. All engines use this type.

#include <string>
#include <utility>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/noether/loss.h"

namespace noether::learn {

// With L = |r|^2 the loss of a query, r its residuals:
enum class StepRule {
  sgd,           // theta - rate grad L
  polyak,        // theta - share (L - L*)+ grad L / |grad L|^2 (Polyak 1987), L* the target. With
                 // share 1 and L* = 0 it is half of Gauss-Newton
  gauss_newton,  // theta - 2 L grad L / (|grad L|^2 + 4 epsilon L). No rate. For one residual it
                 // is theta - r grad r / (|grad r|^2 + epsilon), the same for every monotone
                 // function of g
  least_norm,  // theta - J' (J J' + epsilon (I + diag J J'))^-1 r, J the Jacobian of the residuals:
               // the shortest step that removes all of them to first order. No rate. For one
               // residual it is Gauss-Newton; for m it takes m passes backwards instead of one
  normalised,  // theta - rate grad L / sqrt(|grad L|^2 + epsilon): steps of length `rate`, shorter
               // only where the gradient is below sqrt(epsilon)
  adam         // theta - rate m / sqrt(v + epsilon), m and v the corrected moments of grad L over
               // the steps (Kingma and Ba 2015). epsilon is below the root, because the root has no
               // derivative at zero (optax's eps_root)
};
struct InnerStep {
  StepRule rule = StepRule::gauss_newton;
  Tensor rate{};                       // of rules with a rate: a scalar in the type of the weights,
                                       // learned where it is differentiated
  int steps = 1;                       // K
  std::vector<std::string> weights{};  // the names of those that move; none for all
  double epsilon = 1e-6;
  double beta1 = 0.9, beta2 = 0.999;  // of adam
  double share = 1, target = 0;       // of polyak: a loss of at most `target` moves nothing
  // Weights carry a query axis in front, [n, ...], and residuals are [n, m]; row i of these depends
  // on the weights of query i alone. So the sum of all losses is differentiated: one graph serves
  // the whole batch, and no query changes the step of another. Else the weights are one set, for
  // all residuals together.
  bool by_query = false;

  bool moves(const std::string& name) const;
};

bool has_rate(StepRule rule);
// Whether the step has low rank if the gradient has. Adam's does not: it gives every single weight
// a length of its own.
bool keeps_low_rank(StepRule rule);

// Throws UsageError for a name that is none of the rules.
StepRule step_rule_of(std::string_view name);
std::string_view to_string(StepRule rule);  // "gauss-newton"
const std::vector<std::string>& step_rule_names();

// How a step is made, for all rules but adam, from the residuals [n, m] of n queries:
//   1. Pull `seed` [n, m] back through the residuals. This gives a direction D for each query:
//      grad r with one residual, grad L / 2 with several.
//   2. The step is theta - c D, with c [n, 1] = step_factor(residuals, |D|^2 [n, 1]).
// `step_factor` throws UsageError where the rule has a rate and the step none.
// `least_norm` of several residuals pulls each of them back by itself, and solves for its step
// (`solves_system`, multipliers.h).
bool solves_system(const InnerStep& step, const Tensor& residuals);
Tensor seed(const Tensor& residuals);
Tensor step_factor(const InnerStep& step, const Tensor& residuals, const Tensor& squared_norm);

// theta after K steps. Differentiable to any order, by the rate as well.
using ResidualsOf = std::function<Tensor(const Params& theta)>;
Params tailor(const ResidualsOf& residuals, const Params& theta, const InnerStep& step);

// `tailor` step by step. The state is the weights, and the moments (m, v) of adam for those that
// move; other rules have no moments.
using InnerState = std::pair<Params, std::pair<Params, Params>>;
InnerState first_inner_state(const Params& theta, const InnerStep& step);
// The state after one more step than the `done` ones before.
InnerState next_inner_state(const ResidualsOf& residuals, const InnerState& state,
                            const InnerStep& step, int done);

}  // namespace noether::learn
