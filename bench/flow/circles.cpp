#include "bench/flow/circles.h"

#include <cmath>
#include <numbers>

#include "learn/autodiff/ops.h"

namespace noether::bench {

using learn::Tensor;

std::vector<double> noisy_circles(std::int64_t n, base::RandomStream& random) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < n; ++i) {
    const double angle = 2 * std::numbers::pi * random.uniform(), radius = circle_radii[i % 2];
    values.push_back(radius * std::cos(angle) + circle_noise * random.normal());
    values.push_back(radius * std::sin(angle) + circle_noise * random.normal());
  }
  return values;
}

Tensor circles_density(const Tensor& points) {
  // The mean over the angles of a normal density. Sums over even angles converge faster than any
  // power: with 400, whose distance is a quarter of the noise, to rounding.
  constexpr std::int64_t angles = 400;
  constexpr double variance = circle_noise * circle_noise;
  std::vector<double> turns;
  for (std::int64_t i = 0; i < angles; ++i)
    turns.push_back(2 * std::numbers::pi * static_cast<double>(i) / angles);
  const Tensor cosines = cos(Tensor::from<double>(turns, {1, angles}));
  const Tensor squares = sum(square(points), 1, true), radius = sqrt(squares);
  Tensor total = Tensor::full({points.shape()[0], 1}, 0);
  for (const double R : circle_radii) {
    const Tensor distances = shift(squares, R * R) - scale(radius, 2 * R) * cosines;
    total = total + sum(exp(scale(distances, -0.5 / variance)), 1, true);
  }
  return scale(total, 1 / (2 * angles * 2 * std::numbers::pi * variance));
}

}  // namespace noether::bench
