#pragma once

// Means, spreads and paired ratios over seeds.

#include <span>

namespace noether::bench {

// sum x / n; throws UsageError where there is none.
double mean(std::span<const double> values);

// sqrt(sum (x - mean)^2 / (n - 1)); NaN of a single value, which has no spread. Throws UsageError
// where there is none.
double standard_deviation(std::span<const double> values);

// exp(mean log x); 0 where one is 0, NaN where one is negative or NaN. Throws UsageError where
// there is none.
double geometric_mean(std::span<const double> values);

struct Ratio {
  double value = 1;  // geometric mean of a / b
  double low = 1;    // the 95 % interval
  double high = 1;
  int wins = 0;   // seeds with a < b
  int count = 0;  // seeds
};

// The geometric mean of a / b over seeds, element i of both being seed i, with the percentile
// interval of Efron, "Bootstrap methods: another look at the jackknife" (1979): the 2.5 % and 97.5
// % quantiles of that mean over 10,000 draws of as many seeds with replacement, always the same
// draws. Both NaN where a ratio is 0 or not finite. Throws UsageError where the sizes differ or
// there is none.
Ratio paired_ratio(std::span<const double> a, std::span<const double> b);

}  // namespace noether::bench
