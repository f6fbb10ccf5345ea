#include "learn/discovery/library/independence.h"

#include <cmath>

namespace noether::learn::symbolic {
namespace {

double sum_of_squares(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

}  // namespace

std::vector<double> GradientSpan::outside(std::span<const double> gradient,
                                          std::size_t points) const {
  std::vector<double> rest(gradient.begin(), gradient.end());
  for (int pass = 0; pass < 2; ++pass) {
    for (const auto& unit : unit_) {
      for (std::size_t i = 0; i < points; ++i) {
        double along = 0;
        for (std::size_t j = i; j < rest.size(); j += points) along += unit[j] * rest[j];
        for (std::size_t j = i; j < rest.size(); j += points) rest[j] -= along * unit[j];
      }
    }
  }
  return rest;
}

double GradientSpan::share_outside(std::span<const double> gradient, std::size_t points) const {
  const double whole = sum_of_squares(gradient);
  return whole > 0 ? std::sqrt(sum_of_squares(outside(gradient, points)) / whole) : 0;
}

void GradientSpan::add(std::span<const double> gradient, std::size_t points) {
  std::vector<double> rest = outside(gradient, points);
  for (std::size_t i = 0; i < points; ++i) {
    double square = 0;
    for (std::size_t j = i; j < rest.size(); j += points) square += rest[j] * rest[j];
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
    for (std::size_t j = i; j < rest.size(); j += points) rest[j] *= scale;
  }
  unit_.push_back(std::move(rest));
}

}  // namespace noether::learn::symbolic
