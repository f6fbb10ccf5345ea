#pragma once

// Formulas as values: what quantities are written in, searched for in, and compiled from.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace noether::learn::symbolic {

// The first group is the language of discovery (Alet et al. 2021, appendix); with the others people
// write formulas of their own.
enum class Op : std::uint8_t {
  input,      // a coordinate: column `index` of the states
  parameter,  // a constant that is fitted, number `index`
  add,
  subtract,
  multiply,
  divide,
  sin,
  cos,
  square,
  number,  // `value`
  negate,
  sqrt,
  exp,
  log,
  power  // to the constant exponent `value`, which is not 2
};

int arity(Op op);  // how many operands it takes: 0, 1 or 2

// "sin"; "" where an operation is written by a sign.
std::string_view function_name(Op op);

struct Node {
  Op op = Op::number;
  std::int32_t index = 0;  // of an input or a parameter
  double value = 0;        // of a number or an exponent

  bool operator==(const Node&) const = default;
};

// A tree in postfix order, operands before what is done with them: p^2 - c0 cos(q) of the
// coordinates q, p is [1, square, c0, 0, cos, multiply, subtract]. Never empty.
class Expression {
 public:
  explicit Expression(const Node& leaf) : nodes_{leaf} {}

  std::span<const Node> nodes() const { return nodes_; }
  int size() const { return static_cast<int>(nodes_.size()); }
  int parameter_count() const;  // one more than the highest index
  bool has_input() const;

  bool operator==(const Expression&) const = default;

 private:
  friend Expression apply(const Node& node, std::span<const Expression> operands);
  Expression() = default;
  std::vector<Node> nodes_;
};

Expression input(int column);
Expression parameter(int index);
Expression number(double value);

// The operation on that many operands.
Expression apply(const Node& node, std::span<const Expression> operands);
Expression apply(Op op, const Expression& a);
Expression apply(Op op, const Expression& a, const Expression& b);
Expression power(const Expression& base, double exponent);  // square for 2

// Values of type T from the leaves up: node(n, operands) -> T, where `operands` are the values of
// the node's own operands, in order.
template <class T, class OfNode>
T fold(const Expression& e, OfNode node) {
  std::vector<T> stack;
  for (const Node& n : e.nodes()) {
    const auto first = stack.end() - arity(n.op);
    T value = node(n, std::span<const T>(first, stack.end()));
    stack.erase(first, stack.end());
    stack.push_back(std::move(value));
  }
  return std::move(stack.front());
}

// The value of the operation n on the numbers a.
double apply(const Node& n, std::span<const double> a);

// The value at a state, with these parameters; what is undefined there is NaN or infinite.
double evaluate(const Expression& e, std::span<const double> state,
                std::span<const double> parameters = {});

// Parameters c0, c1, ... replaced by numbers, and what is added with a negative factor subtracted.
Expression with_values(const Expression& e, std::span<const double> parameters);

// The parameters numbered 0, 1, ... in the order in which they are written.
Expression renumbered(const Expression& e);

// As people write it, "p^2 - c0 cos(q)", with as few parentheses as parse needs to give the same
// tree back. Numbers are written with as many digits as they need to be read back.
std::string print(const Expression& e, const std::vector<std::string>& coordinates);

// A formula such as "p^2 - 2.4 cos(q)" of the named coordinates: + - * / and ^ with a constant
// exponent, juxtaposition for products, sin, cos, exp, log, sqrt, numbers, parentheses. Where no
// coordinate has such a name, c0, c1, ... are parameters. Throws UsageError, which points at the
// place, where it does not parse or names something unknown.
Expression parse(std::string_view formula, const std::vector<std::string>& coordinates);

}  // namespace noether::learn::symbolic
