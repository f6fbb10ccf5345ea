#pragma once

// Random formulas for properties.

#include <vector>

#include "learn/formula/expression.h"
#include "tests/support/properties.h"

namespace noether::learn::symbolic {

// What formulas are made of.
struct Vocabulary {
  int inputs = 2;
  int parameters = 2;
  std::vector<double> numbers = {0, 1, 2, 3, -1, -2, 0.5};
  std::vector<double> exponents = {-1, 3, -2, 0.5};
  std::vector<Op> operations = {Op::add,  Op::subtract, Op::multiply, Op::divide,
                                Op::sin,  Op::cos,      Op::square,   Op::negate,
                                Op::sqrt, Op::exp,      Op::log,      Op::power};
};

inline Expression random_leaf(const Vocabulary& words) {
  const int numbers = static_cast<int>(words.numbers.size());
  const int which = *rc::gen::inRange(0, words.inputs + words.parameters + numbers);
  if (which < words.inputs) return input(which);
  if (which < words.inputs + words.parameters) return parameter(which - words.inputs);
  return number(words.numbers[static_cast<std::size_t>(which - words.inputs - words.parameters)]);
}

// A random tree of at most `depth` levels of operations.
inline Expression random_expression(const Vocabulary& words, int depth) {
  if (depth == 0 || *rc::gen::inRange(0, 6) == 0) return random_leaf(words);
  const Op op = *rc::gen::elementOf(words.operations);
  const Expression a = random_expression(words, depth - 1);
  if (op == Op::power) return power(a, *rc::gen::elementOf(words.exponents));
  return arity(op) == 1 ? apply(op, a) : apply(op, a, random_expression(words, depth - 1));
}

}  // namespace noether::learn::symbolic
