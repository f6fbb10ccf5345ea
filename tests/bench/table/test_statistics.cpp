#include "bench/table/statistics.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tests/support/properties.h"

namespace noether::bench {
namespace {

using Values = std::vector<double>;

// logarithms and exponentials of numbers of order one cost a few units in the last place
constexpr double rounding = 1e-14;

}  // namespace

TEST_CASE("the correlation of ranks: either rises with the other, and equal values share a rank",
          "[bench][table]") {
  const std::vector<double> a{1, 2, 3, 4}, cubes{1, 8, 27, 64}, falling{5, 3, 2, -7};
  CHECK(rank_correlation(a, cubes) == Approx(1).epsilon(1e-15));
  CHECK(rank_correlation(a, falling) == Approx(-1).epsilon(1e-15));
  // ranks 0, 1.5, 1.5, 3: their covariance with 0, 1, 2, 3 is 4.5, the variances 4.5 and 5
  const std::vector<double> equal{1, 2, 2, 3};
  CHECK(rank_correlation(a, equal) == Approx(4.5 / std::sqrt(4.5 * 5)).epsilon(1e-15));
}

TEST_CASE("mean and standard deviation are those of the textbook", "[bench][statistics]") {
  const Values values{2, 4, 4, 4, 5, 5, 7, 9};  // squares of deviations sum to 32
  CHECK(mean(values) == 5);
  CHECK(standard_deviation(values) == Approx(std::sqrt(32.0 / 7)).epsilon(rounding));
  CHECK(std::isnan(standard_deviation(Values{3})));
}

TEST_CASE("the median is in the middle, and a NaN is last", "[bench][statistics]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(median(Values{5, 1, 9}) == 5);
  CHECK(median(Values{5, 1, 9, 2}) == 3.5);
  CHECK(median(Values{nan, 1, 9}) == 9);
  CHECK(std::isinf(median(Values{nan, nan, 9})));
  CHECK_THROWS_AS(median(Values{}), base::UsageError);
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

// of 1 and 2 degrees it has a closed form; the others are the column t_.975 of the tables of the
// handbook (Abramowitz and Stegun, table 26.10), with its digits
TEST_CASE("Student's t is that of the tables", "[bench][statistics]") {
  CHECK(student_t(1) == Approx(std::tan(0.475 * std::numbers::pi)).epsilon(rounding));
  CHECK(student_t(2) == Approx(0.95 * std::sqrt(2 / (1 - 0.95 * 0.95))).epsilon(rounding));
  const std::vector<std::pair<int, double>> table{
      {3, 3.182}, {4, 2.776},  {5, 2.571},  {6, 2.447},  {7, 2.365},  {8, 2.306},
      {9, 2.262}, {10, 2.228}, {19, 2.093}, {30, 2.042}, {60, 2.000}, {120, 1.980}};
  for (const auto& [degrees, t] : table) CHECK(std::abs(student_t(degrees) - t) <= 0.0005);
  // z + (z^3 + z) / (4 degrees), z of the normal distribution: 26.7.5 there
  CHECK(student_t(10'000) == Approx(1.959964 + 2.3723e-4).epsilon(1e-6));
  CHECK_THROWS_AS(student_t(0), base::UsageError);
}

TEST_CASE("one pair has no interval", "[bench][statistics]") {
  const Ratio ratio = paired_ratio(Values{3}, Values{4});
  CHECK(ratio.value == Approx(0.75).epsilon(rounding));
  CHECK(std::isnan(ratio.low));
  CHECK(std::isnan(ratio.high));
  CHECK(ratio.wins == 1);
  CHECK(ratio.count == 1);
}

// the logarithms are -log 2 and log 2: sd / sqrt(2) is log 2
TEST_CASE("the interval of two seeds is t of one degree wide", "[bench][statistics]") {
  const Ratio ratio = paired_ratio(Values{1, 8}, Values{2, 4});
  CHECK(ratio.value == Approx(1).epsilon(rounding));
  CHECK(ratio.low == Approx(std::pow(2, -student_t(1))).epsilon(rounding));
  CHECK(ratio.high == Approx(std::pow(2, student_t(1))).epsilon(rounding));
  CHECK(ratio.wins == 1);
}

// in units of log 2 the logarithms are 0, 0, 4, 0: their mean is 1, sd / sqrt(4) is 1
TEST_CASE("the interval is around the geometric mean", "[bench][statistics]") {
  const Ratio ratio = paired_ratio(Values{1, 1, 16, 1}, Values{1, 1, 1, 1});
  CHECK(ratio.value == Approx(2).epsilon(rounding));
  CHECK(ratio.low == Approx(std::pow(2, 1 - student_t(3))).epsilon(rounding));
  CHECK(ratio.high == Approx(std::pow(2, 1 + student_t(3))).epsilon(rounding));
  CHECK(ratio.wins == 0);
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
