#pragma once

// From a null space to laws that people can read: few terms, round numbers.

#include <cstdint>
#include <span>
#include <vector>

#include "learn/discovery/feature_space.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// A linear combination of some of the features of Basis::kept.
struct SparseLaw {
  std::vector<std::int64_t> support;  // ascending
  std::vector<double> coefficients;
  double score;
};

// The conserved directions over all of `kept`, split by whether the function takes more than one
// value on the data: those that do not are `constants`.
struct Conserved {
  std::vector<std::vector<double>> laws;
  std::vector<std::vector<double>> constants;
};

// `tolerance` is of the standard deviation over all data by what the gradients would make of it.
Conserved split(std::span<const Direction> null_space, const Basis& basis, const Slopes& slopes,
                const Metric& metric, double tolerance);

// A basis of the span of the conserved directions in which each member has few terms: the reduced
// row echelon form with the most complex features as pivots, so that each complex feature is in one
// law only, and members that share no features come apart; constants are eliminated from laws. Then
// terms are left out, the least first, and the rest fitted again, as long as the score stays or is
// below `floor`, by default what rounding may do to a law that is exact. Entries below `tolerance`
// are 0.
std::vector<SparseLaw> sparse_laws(const Conserved& conserved, const Basis& basis, double tolerance,
                                   double floor = 1e-11);

// The number nearest to it of so many significant decimal digits.
double rounded(double value, int digits);

// The sum of the features with these coefficients, rounded to `digits` significant digits.
Expression formula(std::span<const double> coefficients, std::span<const Expression> features,
                   int digits = 17);

}  // namespace noether::learn::symbolic
