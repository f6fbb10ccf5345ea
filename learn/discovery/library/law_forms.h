#pragma once

// From a null space to laws that people can read: few terms, round numbers.

#include <cstdint>
#include <span>
#include <vector>

#include "learn/discovery/library/feature_space.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// A linear combination of some of the features of Basis::kept.
struct SparseLaw {
  std::vector<std::int64_t> support;  // ascending
  std::vector<double> coefficients;
  double score;
};

// The conserved functions as coefficients of all features of `kept`, in two lists. `laws` differ
// from trajectory to trajectory. `constants` are one and the same number on all data.
struct Conserved {
  std::vector<std::vector<double>> laws;
  std::vector<std::vector<double>> constants;
};

// Tells laws from constants by a ratio: the standard deviation of the function over all data,
// divided by the standard deviation that its gradient lets us expect, |R u| / w (see Metric and
// Basis). A function is a law where the ratio is above `tolerance`, else a constant.
Conserved split(std::span<const Direction> null_space, const Basis& basis, const Slopes& slopes,
                const Metric& metric, double tolerance);

// The conserved functions once more, as laws of few terms each. There are two steps:
//
// 1. Elimination (reduced row echelon form). The most complex features are the pivots, so each of
//    them stays in one law only, and laws that share no feature come apart. Constants are
//    eliminated from the laws. Entries below `tolerance` are 0.
// 2. Pruning. The term that contributes least is left out and the others are fitted again. The
//    shorter law is taken if its score is at most 1.1 times the old one, or at most `floor`. The
//    default of `floor` is what rounding may do to a law that is exact.
std::vector<SparseLaw> sparse_laws(const Conserved& conserved, const Basis& basis, double tolerance,
                                   double floor = 1e-11);

// The nearest number that has this many significant decimal digits.
double rounded(double value, int digits);

// The sum of the features with these coefficients, rounded to `digits` significant digits.
Expression formula(std::span<const double> coefficients, std::span<const Expression> features,
                   int digits = 17);

}  // namespace noether::learn::symbolic
