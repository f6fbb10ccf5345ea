#pragma once

// Means, spreads and paired ratios. A pair is a seed, or one sample of a seed where each sample was
// measured by itself.

#include <limits>
#include <span>

namespace noether::bench {

enum class Better { lower, higher };

// What one of the values is of.
enum class Pairing { seeds, samples };

// sum x / n; throws UsageError where there is none.
double mean(std::span<const double> values);

// The middle value, or the mean of the two in the middle; a NaN counts as the largest. Throws
// UsageError where there is none.
double median(std::span<const double> values);

// sqrt(sum (x - mean)^2 / (n - 1)); NaN of a single value, which has no spread. Throws UsageError
// where there is none.
double standard_deviation(std::span<const double> values);

// exp(mean log x); 0 where one is 0, NaN where one is negative or NaN. Throws UsageError where
// there is none.
double geometric_mean(std::span<const double> values);

// The linear correlation of two lists of equal length (Pearson). NaN where one is constant.
double correlation(std::span<const double> a, std::span<const double> b);

// The same of their ranks (Spearman): 1 where either rises with the other. Equal values share the
// mean of their ranks.
double rank_correlation(std::span<const double> a, std::span<const double> b);

// What Student's t with so many degrees of freedom exceeds in absolute value with probability 5 %:
// 12.71 of 1 degree, 2.36 of 7, 1.96 of many. Throws UsageError where there is no degree.
double student_t(int degrees);

struct Ratio {
  double value = 1;  // geometric mean of a / b
  // the 95 % interval; NaN where there is none
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  int wins = 0;   // pairs in which a is better than b
  int count = 0;  // pairs
  Pairing pairing = Pairing::seeds;
};

// The geometric mean of a / b over pairs; element i of both is pair i. The interval is that of
// Student's t on the logarithms of the ratios: exp(mean +- student_t(n - 1) sd / sqrt(n)), sd with
// n - 1. There is none of a single pair, nor where a ratio is 0 or not finite. An interval over
// samples holds for these seeds; it says nothing about other seeds. Throws UsageError where the
// sizes differ or there are no values.
Ratio paired_ratio(std::span<const double> a, std::span<const double> b,
                   Better better = Better::lower);

}  // namespace noether::bench
