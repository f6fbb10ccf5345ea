#include "bench/table/statistics.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "tests/support/properties.h"

namespace noether::bench {
namespace {

using Values = std::vector<double>;

// logarithms and exponentials of numbers of order one cost a few units in the last place
constexpr double rounding = 1e-14;

}  // namespace

TEST_CASE("mean and standard deviation are those of the textbook", "[bench][statistics]") {
  const Values values{2, 4, 4, 4, 5, 5, 7, 9};  // squares of deviations sum to 32
  CHECK(mean(values) == 5);
  CHECK(standard_deviation(values) == Approx(std::sqrt(32.0 / 7)).epsilon(rounding));
  CHECK(std::isnan(standard_deviation(Values{3})));
}

TEST_CASE("the geometric mean of powers of two is the power of the mean", "[bench][statistics]") {
  CHECK(geometric_mean(Values{1, 2, 16, 32}) == Approx(std::pow(2, 2.5)).epsilon(rounding));
  CHECK(geometric_mean(Values{0, 5}) == 0);
}

TEST_CASE("no values have no statistics", "[bench][statistics]") {
  CHECK_THROWS_AS(mean(Values{}), base::UsageError);
  CHECK_THROWS_AS(standard_deviation(Values{}), base::UsageError);
  CHECK_THROWS_AS(paired_ratio(Values{}, Values{}), base::UsageError);
  CHECK_THROWS_WITH(paired_ratio(Values{1, 2}, Values{1}), "paired ratio: 2 values against 1");
}

TEST_CASE("where higher is better, the pairs with the higher value are won",
          "[bench][statistics]") {
  const Values a{1, 2, 3}, b{2, 1, 1};
  CHECK(paired_ratio(a, b).wins == 1);
  CHECK(paired_ratio(a, b, Better::higher).wins == 2);
  CHECK(paired_ratio(a, b, Better::higher).value == paired_ratio(a, b).value);
}

TEST_CASE("the interval of a single seed is its ratio", "[bench][statistics]") {
  const Ratio ratio = paired_ratio(Values{3}, Values{4});
  CHECK(ratio.value == Approx(0.75).epsilon(rounding));
  CHECK(ratio.low == ratio.value);
  CHECK(ratio.high == ratio.value);
  CHECK(ratio.wins == 1);
  CHECK(ratio.count == 1);
}

// a quarter of the draws is twice the first, another twice the second: both beyond 2.5 %
TEST_CASE("the interval of two seeds goes from one to the other", "[bench][statistics]") {
  const Ratio ratio = paired_ratio(Values{1, 8}, Values{2, 4});
  CHECK(ratio.value == Approx(1).epsilon(rounding));
  CHECK(ratio.low == Approx(0.5).epsilon(rounding));
  CHECK(ratio.high == Approx(2).epsilon(rounding));
  CHECK(ratio.wins == 1);
}

// of four draws, one seed of four comes k times with probability C(4,k) 3^(4-k) / 256: at least
// three times with 0.051, four times with 0.004, never with 0.32; so 0 and 3 of 4 are the quantiles
TEST_CASE("the interval of four seeds is that of the binomial count", "[bench][statistics]") {
  const Ratio ratio = paired_ratio(Values{1, 1, 16, 1}, Values{1, 1, 1, 1});
  CHECK(ratio.value == Approx(2).epsilon(rounding));
  CHECK(ratio.low == Approx(1).epsilon(rounding));
  CHECK(ratio.high == Approx(8).epsilon(rounding));
  CHECK(ratio.wins == 0);
}

// sd / sqrt(n) of 400 alternating logarithms +-1 is 1/20: the interval is exp(+-1.96/20), its ends
// known to 1 % of the standard deviation by 10,000 draws, three times that allowed
TEST_CASE("the interval of many seeds is that of the normal distribution", "[bench][statistics]") {
  Values a;
  for (int i = 0; i < 400; ++i) a.push_back(i % 2 == 0 ? std::exp(1) : std::exp(-1));
  const Ratio ratio = paired_ratio(a, Values(400, 1));
  CHECK(std::log(ratio.low) == Approx(-1.96 / 20).margin(0.05 * 0.05));
  CHECK(std::log(ratio.high) == Approx(1.96 / 20).margin(0.05 * 0.05));
}

TEST_CASE("the same numbers have the same interval", "[bench][statistics]") {
  const Values a{1, 2, 3, 4, 5};
  const Values b{2, 2, 2, 3, 9};
  const Ratio first = paired_ratio(a, b);
  const Ratio second = paired_ratio(a, b);
  CHECK(first.low < first.value);
  CHECK(first.low == second.low);
  CHECK(first.high == second.high);
}

TEST_CASE("a ratio does not depend on units, and scales with its numerator",
          "[bench][statistics]") {
  CHECK(test::holds("scale invariance", 40, [](std::vector<std::uint8_t> numbers, std::uint8_t k) {
    RC_PRE(numbers.size() >= 2U);
    Values a, b, a_scaled, b_scaled;
    const double scale = std::pow(1.1, k);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      a.push_back(1 + numbers[i]);
      b.push_back(1.0 + static_cast<double>(i % 5));
      a_scaled.push_back(scale * a.back());
      b_scaled.push_back(scale * b.back());
    }
    const Ratio plain = paired_ratio(a, b);
    const Ratio both = paired_ratio(a_scaled, b_scaled);
    const Ratio scaled = paired_ratio(a_scaled, b);
    // as many roundings as seeds, in logarithms of up to 30
    const auto close = [&](double x, double y) { return std::abs(x - y) <= 1e-11 * y; };
    RC_ASSERT(close(both.value, plain.value) && close(both.low, plain.low) &&
              close(both.high, plain.high) && both.wins == plain.wins);
    RC_ASSERT(close(scaled.value, scale * plain.value) && close(scaled.low, scale * plain.low) &&
              close(scaled.high, scale * plain.high));
  }));
}

TEST_CASE("a seed that diverged leaves no interval", "[bench][statistics]") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Ratio ratio = paired_ratio(Values{1, infinity, 1}, Values{2, 1, 2});
  CHECK(ratio.value == infinity);
  CHECK(std::isnan(ratio.low));
  CHECK(std::isnan(ratio.high));
  CHECK(ratio.wins == 2);
}

}  // namespace noether::bench
