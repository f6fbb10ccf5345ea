#pragma once

// Means, spreads and paired ratios. A pair is a seed, or one sample of a seed where each sample was
// measured by itself.

#include <span>

namespace noether::bench {

enum class Better { lower, higher };

// What one of the values is of.
enum class Pairing { seeds, samples };

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
  int wins = 0;   // pairs in which a is better than b
  int count = 0;  // pairs
  Pairing pairing = Pairing::seeds;
};

// The geometric mean of a / b over pairs; element i of both is pair i. The interval is the
// percentile bootstrap (Efron, "Bootstrap methods: another look at the jackknife", 1979): draw as
// many pairs with replacement, 10,000 times, always the same draws; the ends are the 2.5 % and 97.5
// % quantiles of the mean. They are NaN where a ratio is 0 or not finite. An interval over samples
// holds for these seeds; it says nothing about other seeds. Throws UsageError where the sizes
// differ or there are no values.
Ratio paired_ratio(std::span<const double> a, std::span<const double> b,
                   Better better = Better::lower);

}  // namespace noether::bench
