#pragma once

// Formulas up to the values of their parameters, and up to what does not matter to conservation.

#include <optional>

#include "learn/formula/normal_form.h"

namespace noether::learn::symbolic {

// The parameters numbered from `first`; those of `a` are first, first + 1, ...
Sum shifted_parameters(const Sum& a, int first);
int parameter_count(const Sum& a);  // one more than the highest index

// The normal form in which a parameter that occurs once has taken up all constants beside it: -2 c0
// c1 q becomes c0 q, and cos(q - c0) becomes sin(q + c0). Parameters are numbered in order.
Sum family(const Sum& form);

// The form without factor, shift and outer function: q + p for 3 - c0 / (q + p)^2. All formulas
// with the same such form are conserved together. Nothing where there is no input.
std::optional<Sum> law(const Sum& form);

}  // namespace noether::learn::symbolic
