#pragma once

// A small network of two coordinates in float64, and residuals for its inner steps.

#include <string>
#include <vector>

#include "learn/noether/inner_step.h"
#include "learn/noether/loss.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::test::small_network {

using namespace learn;

inline const Mlp mlp{{2, 6, 5, 2}};
inline const std::vector<std::string> coordinates{"q", "p"};
inline const std::string energy = "(p^2 - 2.4 cos(q))";

inline Params weights() { return initial_weights(mlp, 3, DType::f64); }
inline Tensor queries() { return test::irregular({7, 2}, -1.5, 1.5); }

inline ResidualsOf tangent_of(const std::string& formula, const Tensor& x) {
  const Quantity g = formula_quantity(formula, coordinates);
  return [g, x](const Params& theta) { return rate_of_change(g, {}, x, mlp(theta, x)); };
}

inline ResidualsOf rollout_of(Form form, const Tensor& x) {
  const Residuals of = residuals({form, 0.2, 3}, formula_quantity(energy, coordinates), x);
  return [of](const Params& theta) {
    return of({}, [&](const Tensor& at) { return mlp(theta, at); });
  };
}

}  // namespace noether::test::small_network
