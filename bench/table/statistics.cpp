#include "bench/table/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace noether::bench {
namespace {

constexpr int resamples = 10000;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

void check_some(std::span<const double> values) {
  if (values.empty()) throw base::UsageError("statistics: there are no values");
}

// The means of `resamples` draws of as many values with replacement, sorted.
std::vector<double> resampled_means(std::span<const double> values) {
  base::RandomStream stream(0, base::Purpose::bootstrap, 0);
  const auto n = static_cast<double>(values.size());
  std::vector<double> means;
  means.reserve(resamples);
  for (int i = 0; i < resamples; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < values.size(); ++k)
      sum += values[static_cast<std::size_t>(n * stream.uniform())];
    means.push_back(sum / n);
  }
  std::ranges::sort(means);
  return means;
}

}  // namespace

double mean(std::span<const double> values) {
  check_some(values);
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
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
  ratio.value = std::exp(mean(logarithms));
  ratio.low = ratio.high = not_a_number;
  if (!finite) return ratio;
  const auto means = resampled_means(logarithms);
  constexpr int tail = resamples / 40;  // 2.5 %
  ratio.low = std::exp(means[tail - 1]);
  ratio.high = std::exp(means[resamples - tail]);
  return ratio;
}

}  // namespace noether::bench
