#include "bench/table/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "base/error.h"

namespace noether::bench {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

void check_some(std::span<const double> values) {
  if (values.empty()) throw base::UsageError("statistics: there are no values");
}

// P(|T| < t), T of Student's distribution: Abramowitz and Stegun, "Handbook of mathematical
// functions", 26.7.3 and 26.7.4, where tan(theta) = t / sqrt(degrees).
double probability_within(double t, int degrees) {
  const double square = t * t + degrees;
  const double cosine_squared = degrees / square;
  const double sine = t / std::sqrt(square);
  const bool is_odd = degrees % 2 == 1;
  double term = is_odd ? std::sqrt(cosine_squared) : 1;  // a multiple of cos(theta)^k
  double sum = 0;
  for (int k = is_odd ? 1 : 0; k <= degrees - 2; k += 2) {
    sum += term;
    term *= cosine_squared * (k + 1) / (k + 2);
  }
  if (!is_odd) return sine * sum;
  return 2 / std::numbers::pi * (std::atan(t / std::sqrt(degrees)) + sine * sum);
}

// 0, 1, ... in rising order; equal values share the mean of their ranks.
std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> rank(values.size());
  for (std::size_t i = 0, end = 1; i < order.size(); i = end++) {
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) rank[order[k]] = static_cast<double>(i + end - 1) / 2;
  }
  return rank;
}

}  // namespace

double mean(std::span<const double> values) {
  check_some(values);
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double median(std::span<const double> values) {
  check_some(values);
  std::vector<double> sorted;
  for (const double value : values)
    sorted.push_back(std::isnan(value) ? std::numeric_limits<double>::infinity() : value);
  std::ranges::sort(sorted);
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double standard_deviation(std::span<const double> values) {
  const double center = mean(values);
  if (values.size() == 1) return not_a_number;
  double sum = 0;
  for (const double value : values) sum += (value - center) * (value - center);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double geometric_mean(std::span<const double> values) {
  std::vector<double> logarithms;
  for (const double value : values) logarithms.push_back(std::log(value));
  return std::exp(mean(logarithms));
}

double correlation(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean(a), mean_b = mean(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return ab / std::sqrt(aa * bb);
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  return correlation(ranks(a), ranks(b));
}

double student_t(int degrees) {
  if (degrees < 1) throw base::UsageError(fmt::format("Student's t of {} degrees", degrees));
  // it falls with the degrees, from 12.71; 60 halvings of [0, 16] leave less than a rounding
  double low = 0, high = 16;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (probability_within(middle, degrees) < 0.95 ? low : high) = middle;
  }
  return high;
}

Ratio paired_ratio(std::span<const double> a, std::span<const double> b, Better better) {
  check_some(a);
  if (a.size() != b.size()) {
    throw base::UsageError(fmt::format("paired ratio: {} values against {}", a.size(), b.size()));
  }
  Ratio ratio{.count = static_cast<int>(a.size())};
  std::vector<double> logarithms;
  bool finite = true;
  for (std::size_t i = 0; i < a.size(); ++i) {
    logarithms.push_back(std::log(a[i] / b[i]));
    finite = finite && std::isfinite(logarithms.back());
    if (better == Better::lower ? a[i] < b[i] : a[i] > b[i]) ++ratio.wins;
  }
  const double center = mean(logarithms);
  ratio.value = std::exp(center);
  if (!finite || ratio.count == 1) return ratio;
  const double half_width =
      student_t(ratio.count - 1) * standard_deviation(logarithms) / std::sqrt(ratio.count);
  ratio.low = std::exp(center - half_width);
  ratio.high = std::exp(center + half_width);
  return ratio;
}

}  // namespace noether::bench
