#pragma once

// The normal form of formulas: a sum of products of powers, multiplied out, every like thing
// collected. What simplify and the search for distinct formulas compute with.

#include <cstdint>
#include <memory>
#include <vector>

#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

struct Sum;

// A power of an input or a parameter, of sin, cos, exp or log of `argument`, or (Op::add) of
// `argument` itself: a sum in a denominator or under a root.
struct Factor {
  Op op = Op::input;
  std::int32_t index = 0;
  double exponent = 1;  // not 0
  std::shared_ptr<const Sum> argument = nullptr;
};

// Factors are sorted and have different bases.
struct Term {
  double coefficient = 1;  // not 0
  std::vector<Factor> factors = {};
};

// Terms are sorted and have different factors; none for zero.
struct Sum {
  std::vector<Term> terms = {};
};

// Negative, zero or positive as a stands before, with or after b in a total order. The exponent of
// factors and the coefficient of terms are left out.
int compare_bases(const Factor& a, const Factor& b);
int compare(const Factor& a, const Factor& b);  // with the exponent
// Powers of inputs first, the higher degree first, then by column; functions; constants last.
int compare_factors(const Term& a, const Term& b);
int compare(const Sum& a, const Sum& b);

// A number that is equal for equal forms and hardly ever for others.
std::uint64_t hash(const Sum& sum);

// What all terms of a sum share to whole powers, 1 / q for q + 1 / q, with the coefficient of the
// first.
Term common_factors(const Sum& sum);

bool has_input(const Sum& sum);
bool has_input(const Term& term);

// Algebra on normal forms. All throw NumericalError where a constant has no finite value (1/0, the
// root of -1) or more than 1024 terms would be multiplied out.
Sum constant(double value);
Sum add(const Sum& a, const Sum& b);
Sum scaled(const Sum& a, double factor);
Sum multiply(const Sum& a, const Sum& b);
Sum power(const Sum& base, double exponent);
Sum function(Op op, const Sum& argument);          // sin, cos, exp or log
Sum apply(const Node& n, std::span<const Sum> a);  // any node

// Sorted, like terms collected, and what is divided by itself cancelled.
Sum collected(std::vector<Term> terms);

Sum normal_form(const Expression& e);

// Written with few nodes; parameters before inputs before functions, what is positive first.
Expression to_expression(const Sum& sum);

}  // namespace noether::learn::symbolic
