#pragma once

#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// The formula in a normal form, written again with few nodes:
//
// - products and small whole powers of sums are multiplied out;
// - like terms and factors are collected, in a fixed order, and numbers folded;
// - sin(-x) becomes -sin(x), and x / x becomes 1;
// - a sum in a denominator or under a root stays a sum, in a canonical scale.
//
// The value is the same where both formulas are defined (0 / x is 0, sqrt(x)^2 is x). The unit is
// the same if each parameter occurs once, except that zero has no unit. Simplifying again changes
// nothing.
//
// The result may be longer only where a product is taken to a power, a sum is multiplied out or
// divided by, or a minus leaves a sine. A formula with a constant that is not finite (1 / 0), or
// with more than 1024 terms, is returned as it is.
Expression simplify(const Expression& e);

}  // namespace noether::learn::symbolic
