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

// A formula such as "p^2 - 2.4 cos(q)" of the named coordinates, the columns of x. It is what
// symbolic::parse reads, without parameters. Throws UsageError where it does not parse or names
// something unknown; the message points at the place.
Quantity formula_quantity(std::string_view formula, const std::vector<std::string>& coordinates);

// The same for an expression. Throws UsageError where it still has parameters.
Quantity formula_quantity(const symbolic::Expression& formula);

// Several quantities as one, their components side by side. None has a phi of its own. Throws
// UsageError where there is none.
Quantity joined(const std::vector<Quantity>& quantities);

// The derivative of g along dx_dt, grad g(x) . dx_dt: [n, k]. Zero where g is conserved. Its square
// is the limit, for dt -> 0, of the paper's |g(x + f dt) - g(x)|^2 / dt^2.
Tensor rate_of_change(const Quantity& g, const Params& phi, const Tensor& x, const Tensor& dx_dt);

}  // namespace noether::learn
