#pragma once

#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// The formula in a normal form, written again with few nodes: products and small whole powers of
// sums are multiplied out, like terms and factors collected in a fixed order, numbers folded,
// sin(-x) = -sin(x), x / x = 1; a sum in a denominator or under a root stays one, in a canonical
// scale. The value is the same where both are defined (0 / x is 0, sqrt(x)^2 is x) and so is the
// unit of formulas in which each parameter occurs once, except that zero has none. Simplifying
// again changes nothing. It is no longer than before where neither a product is taken to a power
// nor a sum multiplied out or divided by, nor a minus leaves a sine. A formula with a constant that
// is not finite (1 / 0), or with more than 1024 terms, is left as it is.
Expression simplify(const Expression& e);

}  // namespace noether::learn::symbolic
