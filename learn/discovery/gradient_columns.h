#pragma once

// A formula and its gradient at many points at once.

#include <span>
#include <vector>

#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// At n points of D coordinates: n values, and D columns of n derivatives.
struct GradientColumns {
  std::vector<double> value;
  std::vector<std::vector<double>> gradient;
};

// The formula, which has no parameters, at the points whose D coordinates are the columns x; what
// is undefined there is NaN or infinite.
GradientColumns gradient_columns(const Expression& e, std::span<const std::vector<double>> x);

}  // namespace noether::learn::symbolic
