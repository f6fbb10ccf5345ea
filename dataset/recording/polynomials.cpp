#include "dataset/recording/polynomials.h"

#include <algorithm>
#include <cmath>

namespace noether::dataset {

double polynomial_slope(std::span<const double> times, std::span<const double> values,
                        std::size_t at) {
  // the derivative of Lagrange's polynomial
  const double t = times[at];
  double slope = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (i == at) {
      for (std::size_t k = 0; k < times.size(); ++k)
        if (k != at) slope += values[at] / (t - times[k]);
      continue;
    }
    double weight = 1 / (times[i] - t);
    for (std::size_t k = 0; k < times.size(); ++k)
      if (k != i && k != at) weight *= (t - times[k]) / (times[i] - times[k]);
    slope += weight * values[i];
  }
  return slope;
}

std::vector<double> polynomial_integral(const std::vector<double>& values,
                                        const std::vector<double>& times, std::size_t most) {
  const std::size_t n = values.size(), width = std::min(most, n);
  std::vector<double> integral{0};
  for (std::size_t i = 1; i < n; ++i) {
    const std::size_t first = std::min(i - std::min(i, width / 2), n - width);
    const auto at = [&](double t) {
      double sum = 0;
      for (std::size_t k = first; k < first + width; ++k) {
        double weight = 1;
        for (std::size_t j = first; j < first + width; ++j)
          if (j != k) weight *= (t - times[j]) / (times[k] - times[j]);
        sum += weight * values[k];
      }
      return sum;
    };
    // Gauss and Legendre's three points: exact for these polynomials
    const double middle = (times[i] + times[i - 1]) / 2, half = (times[i] - times[i - 1]) / 2;
    const double off = half * std::sqrt(0.6);
    integral.push_back(integral.back() +
                       half * (5 * at(middle - off) + 8 * at(middle) + 5 * at(middle + off)) / 9);
  }
  return integral;
}

}  // namespace noether::dataset
