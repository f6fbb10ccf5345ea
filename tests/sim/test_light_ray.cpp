#include "sim/systems/light_ray.h"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "tests/sim/solve.h"

namespace noether::sim {
namespace {

std::vector<double> start(double impact) {
  return {-std::sqrt((1 - impact) * (1 + impact)), impact, 0.0};
}

// The arc length at the parameter sigma of the closed form: the integral of n, where n^2 = 1 + a
// sin(2 sigma) with a = sqrt(1 - b^2) along the ray.
double arc_length(double impact, double sigma) {
  const double a = std::sqrt((1 - impact) * (1 + impact));
  const auto index = [&](double x) { return std::sqrt(1 + a * std::sin(2 * x)); };
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(index, 0.0, sigma, 10,
                                                                       1e-15);
}

// grazing rays with |b| = 1 included
const std::vector<double> impacts = {-1.0, -0.9, -0.5, -0.1, -1e-3, 1e-9, 0.2, 0.6, 0.99, 1.0};

}  // namespace

TEST_CASE("rays follow their closed form", "[sim][light_ray]") {
  for (const double b : impacts) {
    INFO("impact " << b);
    std::vector<double> times = {0};
    std::vector<double> truth = {start(b)[0], b};
    for (const double sigma : {0.3, 0.7, 1.1, 1.5}) {
      times.push_back(arc_length(b, sigma));
      truth.push_back(-std::sqrt((1 - b) * (1 + b)) * std::cos(sigma) + std::sin(sigma));
      truth.push_back(b * std::cos(sigma));
    }
    const auto states = test::solve(light_ray(), start(b), times);
    std::vector<double> positions;
    for (std::size_t n = 0; n < times.size(); ++n) {
      positions.insert(positions.end(), {states[3 * n], states[3 * n + 1]});
    }
    // some 50 steps at a tolerance of 1e-14, on a path of order 1
    CHECK(test::largest_difference(positions, truth) < 1e-12);
  }
}

TEST_CASE("parallel rays meet in the focus on the far rim", "[sim][light_ray]") {
  for (const double b : impacts) {
    const double length = arc_length(b, std::numbers::pi / 2);
    const auto states = test::solve(light_ray(), start(b), std::vector{0.0, length});
    // the bar is 1e-6; the tolerance of the integrator allows a million times less
    CHECK(std::hypot(states[3] - 1, states[4]) < 1e-12);
  }
}

TEST_CASE("the angular momentum of a ray is kept to 1e-12", "[sim][light_ray]") {
  const Invariant momentum = light_ray().invariants[0];
  const auto times = time_grid(0, 2, 50);
  for (const double b : impacts) {
    const auto states = test::solve(light_ray(), start(b), times);
    for (std::size_t n = 0; n < times.size(); ++n) {
      // at the rim n = 1 and the ray heads along +x: r x t = -b
      CHECK(std::abs(momentum.value({&states[3 * n], 3}, {}) + b) < 1e-12);
    }
  }
}

}  // namespace noether::sim
