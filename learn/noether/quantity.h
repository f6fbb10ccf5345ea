#pragma once

// What is to be conserved: g_phi(x), as a formula or as a network.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/formula/expression.h"
#include "learn/nn/mlp.h"

namespace noether::learn {

// States [n, d] -> [n, k]; rows are independent of each other. phi may be empty.
using Quantity = std::function<Tensor(const Params& phi, const Tensor& x)>;

// g = mlp(x), with phi its weights.
Quantity network_quantity(const Mlp& mlp);

// A formula such as "p^2 - 2.4 cos(q)" of the named coordinates, the columns of x, as
// symbolic::parse reads it, without parameters. Throws UsageError, which points at the place, where
// it does not parse or names something unknown.
Quantity formula_quantity(std::string_view formula, const std::vector<std::string>& coordinates);

// The same of an expression, whose parameters must have been given numbers; throws UsageError.
Quantity formula_quantity(const symbolic::Expression& formula);

// The derivative of g along dx_dt, grad g(x) . dx_dt: [n, k]. Zero where g is conserved. (The
// paper's |g(x + f dt) - g(x)|^2 / dt^2 in the limit dt -> 0 is its square.)
Tensor rate_of_change(const Quantity& g, const Params& phi, const Tensor& x, const Tensor& dx_dt);

}  // namespace noether::learn
