#include "learn/noether/quantity.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/formula/expression.h"

namespace noether::learn {

namespace {

using Operation = symbolic::Op;

// The value [n, 1] of an operation on values [n, 1], at states x [n, d].
Tensor apply_to_tensors(const symbolic::Node& node, std::span<const Tensor> a, const Tensor& x) {
  switch (node.op) {
    case Operation::input:
      return slice(x, 1, node.index, node.index + 1);
    case Operation::add:
      return a[0] + a[1];
    case Operation::subtract:
      return a[0] - a[1];
    case Operation::multiply:
      return a[0] * a[1];
    case Operation::divide:
      return a[0] / a[1];
    case Operation::sin:
      return sin(a[0]);
    case Operation::cos:
      return cos(a[0]);
    case Operation::square:
      return square(a[0]);
    case Operation::negate:
      return neg(a[0]);
    case Operation::sqrt:
      return sqrt(a[0]);
    case Operation::exp:
      return exp(a[0]);
    case Operation::log:
      return log(a[0]);
    case Operation::power:
      return power(a[0], node.value);
    default:
      return Tensor::full({x.shape()[0], 1}, node.value, x.dtype());
  }
}

}  // namespace

Quantity network_quantity(const Mlp& mlp) {
  return [mlp](const Params& phi, const Tensor& x) { return mlp(phi, x); };
}

Quantity formula_quantity(const symbolic::Expression& formula) {
  if (formula.parameter_count() > 0)
    throw base::UsageError("a formula must have numbers for its parameters");
  return [formula](const Params&, const Tensor& x) {
    return symbolic::fold<Tensor>(formula,
                                  [&](const symbolic::Node& node, std::span<const Tensor> a) {
                                    return apply_to_tensors(node, a, x);
                                  });
  };
}

Quantity formula_quantity(std::string_view formula, const std::vector<std::string>& coordinates) {
  const symbolic::Expression e = symbolic::parse(formula, coordinates);
  for (const symbolic::Node& node : e.nodes()) {
    if (node.op != Operation::parameter) continue;
    throw base::UsageError(
        fmt::format("formula '{}': 'c{}' is neither a function nor one of the coordinates {}",
                    formula, node.index, base::join(coordinates)));
  }
  return formula_quantity(e);
}

Quantity joined(const std::vector<Quantity>& quantities) {
  if (quantities.empty()) throw base::UsageError("there are no quantities to join");
  if (quantities.size() == 1) return quantities.front();
  return [quantities](const Params& phi, const Tensor& x) {
    Tensors components;
    for (const Quantity& g : quantities) components.push_back(g(phi, x));
    return concat(components, 1);
  };
}

Tensor rate_of_change(const Quantity& g, const Params& phi, const Tensor& x, const Tensor& dx_dt) {
  return jvp([&](const Tensor& at) { return g(phi, at); }, x, dx_dt).tangent;
}

}  // namespace noether::learn
