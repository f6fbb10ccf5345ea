#include "learn/formula/simplify.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "learn/formula/normal_form.h"

namespace noether::learn::symbolic {

namespace {

Sum leaf(const Node& n) {
  if (n.op == Op::number) return constant(n.value);
  return {{Term{.factors = {{.op = n.op, .index = n.index}}}}};
}

Expression power_expression(const Factor& f, double exponent) {
  const Expression base = f.op == Op::add ? to_expression(*f.argument)
                          : f.argument    ? apply(f.op, to_expression(*f.argument))
                                          : Expression({.op = f.op, .index = f.index});
  if (exponent == 1) return base;
  return exponent == 0.5 ? apply(Op::sqrt, base) : power(base, exponent);
}

void append_factor(std::optional<Expression>& product, const Expression& factor) {
  product = product ? apply(Op::multiply, *product, factor) : factor;
}

// The term with this coefficient in place of its own.
Expression term_expression(const Term& term, double coefficient) {
  std::optional<Expression> above, below;
  std::vector<Expression> sums;  // by which is divided one after the other
  if (coefficient != 1 && coefficient != -1) above = number(coefficient);
  for (const bool parameters : {true, false}) {
    for (const Factor& f : term.factors) {
      if ((f.op == Op::parameter) != parameters) continue;
      // 1 / (a + b)^2 would be multiplied out when it is read again
      const bool divides = f.exponent < 0 && (f.op != Op::add || f.exponent >= -1);
      const Expression p = power_expression(f, divides ? -f.exponent : f.exponent);
      if (divides && f.op == Op::add) {
        sums.push_back(p);
      } else {
        append_factor(divides ? below : above, p);
      }
    }
  }
  const bool bare = !above;
  if (bare) above = number(coefficient);
  Expression whole = below ? apply(Op::divide, *above, *below) : *above;
  for (const Expression& divisor : sums) whole = apply(Op::divide, whole, divisor);
  return coefficient == -1 && !bare ? apply(Op::negate, whole) : whole;
}

// The first positive term; where there is none, one whose minus belongs to a number.
std::size_t first_written(const Sum& sum) {
  const auto positive =
      std::ranges::find_if(sum.terms, [](const Term& t) { return t.coefficient > 0; });
  const auto numeric = std::ranges::find_if(
      sum.terms, [](const Term& t) { return t.coefficient != -1 || t.factors.empty(); });
  const auto first = positive != sum.terms.end() ? positive : numeric;
  return first == sum.terms.end() ? 0 : static_cast<std::size_t>(first - sum.terms.begin());
}

}  // namespace

Sum apply(const Node& n, std::span<const Sum> a) {
  switch (n.op) {
    case Op::add:
      return add(a[0], a[1]);
    case Op::subtract:
      return add(a[0], scaled(a[1], -1));
    case Op::multiply:
      return multiply(a[0], a[1]);
    case Op::divide:
      return multiply(a[0], power(a[1], -1));
    case Op::square:
      return power(a[0], 2);
    case Op::negate:
      return scaled(a[0], -1);
    case Op::sqrt:
      return power(a[0], 0.5);
    case Op::power:
      return power(a[0], n.value);
    case Op::sin:
    case Op::cos:
    case Op::exp:
    case Op::log:
      return function(n.op, a[0]);
    default:
      return leaf(n);
  }
}

Sum normal_form(const Expression& e) {
  return fold<Sum>(e, [](const Node& n, std::span<const Sum> a) { return apply(n, a); });
}

Expression to_expression(const Sum& sum) {
  if (sum.terms.empty()) return number(0);
  const std::size_t first = first_written(sum);
  Expression result = term_expression(sum.terms[first], sum.terms[first].coefficient);
  for (std::size_t i = 0; i < sum.terms.size(); ++i) {
    if (i == first) continue;
    const double c = sum.terms[i].coefficient;
    result =
        apply(c > 0 ? Op::add : Op::subtract, result, term_expression(sum.terms[i], std::abs(c)));
  }
  return result;
}

Expression simplify(const Expression& e) {
  try {
    return to_expression(normal_form(e));
  } catch (const base::NumericalError&) {
    return e;
  }
}

}  // namespace noether::learn::symbolic
