#include "learn/formula/expression.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace noether::learn::symbolic {

namespace {

// The same tree with every leaf replaced by what `leaf` makes of it.
template <class Leaf>
Expression with_leaves(const Expression& e, Leaf leaf) {
  return fold<Expression>(e, [&](const Node& n, std::span<const Expression> operands) {
    return arity(n.op) == 0 ? Expression(leaf(n)) : apply(n, operands);
  });
}

// Whether the product or quotient e begins with a negative number.
bool has_negative_factor(const Expression& e) {
  const Node& first = e.nodes().front();
  if (first.op != Op::number || !(first.value < 0)) return false;
  int depth = 0;  // operands that wait on the stack, the one with the number below all others
  for (const Node& n : e.nodes()) {
    depth += 1 - arity(n.op);
    if (depth == 1 && arity(n.op) > 0 && n.op != Op::multiply && n.op != Op::divide) return false;
  }
  return true;
}

// The same with that number positive.
Expression without_sign(const Expression& e) {
  bool first = true;
  return with_leaves(e, [&](const Node& n) {
    Node leaf = n;
    if (std::exchange(first, false)) leaf.value = -n.value;
    return leaf;
  });
}

}  // namespace

int arity(Op op) {
  switch (op) {
    case Op::input:
    case Op::parameter:
    case Op::number:
      return 0;
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
      return 2;
    default:
      return 1;
  }
}

std::string_view function_name(Op op) {
  switch (op) {
    case Op::sin:
      return "sin";
    case Op::cos:
      return "cos";
    case Op::sqrt:
      return "sqrt";
    case Op::exp:
      return "exp";
    case Op::log:
      return "log";
    default:
      return "";
  }
}

int Expression::parameter_count() const {
  int count = 0;
  for (const Node& n : nodes_) {
    if (n.op == Op::parameter) count = std::max(count, n.index + 1);
  }
  return count;
}

bool Expression::has_input() const {
  return std::ranges::any_of(nodes_, [](const Node& n) { return n.op == Op::input; });
}

Expression input(int column) { return Expression({.op = Op::input, .index = column}); }
Expression parameter(int index) { return Expression({.op = Op::parameter, .index = index}); }
Expression number(double value) { return Expression({.op = Op::number, .value = value}); }

Expression apply(const Node& node, std::span<const Expression> operands) {
  Expression result;
  for (const Expression& operand : operands) {
    result.nodes_.insert(result.nodes_.end(), operand.nodes_.begin(), operand.nodes_.end());
  }
  result.nodes_.push_back(node);
  return result;
}

Expression apply(Op op, const Expression& a) { return apply({.op = op}, std::array{a}); }

Expression apply(Op op, const Expression& a, const Expression& b) {
  return apply({.op = op}, std::array{a, b});
}

Expression power(const Expression& base, double exponent) {
  if (exponent == 2) return apply(Op::square, base);
  return apply({.op = Op::power, .value = exponent}, std::array{base});
}

double apply(const Node& n, std::span<const double> a) {
  switch (n.op) {
    case Op::add:
      return a[0] + a[1];
    case Op::subtract:
      return a[0] - a[1];
    case Op::multiply:
      return a[0] * a[1];
    case Op::divide:
      return a[0] / a[1];
    case Op::sin:
      return std::sin(a[0]);
    case Op::cos:
      return std::cos(a[0]);
    case Op::square:
      return a[0] * a[0];
    case Op::negate:
      return -a[0];
    case Op::sqrt:
      return std::sqrt(a[0]);
    case Op::exp:
      return std::exp(a[0]);
    case Op::log:
      return std::log(a[0]);
    case Op::power:
      return std::pow(a[0], n.value);
    default:
      return std::numeric_limits<double>::quiet_NaN();  // leaves have no operands
  }
}

double evaluate(const Expression& e, std::span<const double> state,
                std::span<const double> parameters) {
  return fold<double>(e, [&](const Node& n, std::span<const double> operands) {
    if (n.op == Op::input) return state[static_cast<std::size_t>(n.index)];
    if (n.op == Op::parameter) return parameters[static_cast<std::size_t>(n.index)];
    return n.op == Op::number ? n.value : apply(n, operands);
  });
}

Expression with_values(const Expression& e, std::span<const double> parameters) {
  return fold<Expression>(e, [&](const Node& n, std::span<const Expression> a) {
    if (n.op == Op::parameter) return number(parameters[static_cast<std::size_t>(n.index)]);
    const bool sum = n.op == Op::add || n.op == Op::subtract;
    if (!sum || !has_negative_factor(a[1])) return apply(n, a);
    return apply(n.op == Op::add ? Op::subtract : Op::add, a[0], without_sign(a[1]));
  });
}

Expression renumbered(const Expression& e) {
  std::vector<std::int32_t> order;  // the old index of each new one
  return with_leaves(e, [&](const Node& n) {
    if (n.op != Op::parameter) return n;
    const auto known = std::ranges::find(order, n.index);
    const auto index = static_cast<std::int32_t>(known - order.begin());
    if (known == order.end()) order.push_back(n.index);
    return Node{.op = Op::parameter, .index = index};
  });
}

}  // namespace noether::learn::symbolic
