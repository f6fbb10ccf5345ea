#include "bench/depth/noisy_curve.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "base/random.h"

namespace noether::bench {
namespace {

constexpr int observations = 40;
constexpr double noise = 0.2;

learn::Tensor column_of(const std::vector<double>& values) {
  return learn::Tensor::from<double>(values, {std::ssize(values), 1});
}

CurvePoints observed(std::uint64_t seed, std::uint64_t stream) {
  base::RandomStream place(seed, base::Purpose::initial_state, stream),
      error(seed, base::Purpose::noise, stream);
  std::vector<double> x, y;
  for (int i = 0; i < observations; ++i) {
    x.push_back(place.uniform(-curve_reach, curve_reach));
    y.push_back(curve_at(x.back()) + noise * error.normal());
  }
  return {column_of(x), column_of(y)};
}

}  // namespace

double curve_at(double x) { return std::sin(std::numbers::pi * x); }

double curve_bend_at(double x) { return -std::numbers::pi * std::numbers::pi * curve_at(x); }

NoisyCurve make_noisy_curve(std::uint64_t seed) { return {observed(seed, 0), observed(seed, 1)}; }

learn::Tensor even_places(int count) {
  std::vector<double> x;
  for (int i = 0; i < count; ++i) x.push_back(curve_reach * (2.0 * i / (count - 1) - 1));
  return column_of(x);
}

}  // namespace noether::bench
