#include "learn/discovery/formulas/level_fit.h"

#include <catch2/catch.hpp>

#include "tests/learn/discovery/motions.h"

namespace noether::learn::symbolic {
namespace {

Observed with_noise(Trajectories t, double q, double p, std::uint64_t seed) {
  base::RandomStream random(seed, base::Purpose::noise, 0);
  for (double& x : t.x[0]) x += q * random.normal();
  for (double& x : t.x[1]) x += p * random.normal();
  return {std::move(t), {q, p}};
}

}  // namespace

TEST_CASE("the parameter of noisy pendulums is right to a hundredth, though the noise is not told",
          "[learn][symbolic][levels]") {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const Observed observed = with_noise(test::pendulum(20, seed), 0.05, 0.05, seed);
    const auto c = level_parameters(test::pendulum_law(), observed, {2.9});
    CHECK(c[0] == Approx(3).epsilon(0.01));
    // the ratios alone matter
    const auto again = level_parameters(test::pendulum_law(), {observed.states, {1, 1}}, {3.2});
    CHECK(again[0] == Approx(c[0]).epsilon(1e-4));  // where the descents end
    sum += c[0] / 8;
  }
  // 0.4 % each, so 0.15 % of their mean, and 0.1 % of second order
  CHECK(sum == Approx(3).epsilon(0.004));
}

TEST_CASE("noise that differs between coordinates is no bias where its ratio is known",
          "[learn][symbolic][levels]") {
  double right = 0, wrong = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Observed observed = with_noise(test::spring(30, seed), 0.1, 0.01, seed);
    right += level_parameters(test::spring_law(), observed, {0.9})[0] / 8;
    observed.noise = {0.1, 0.1};
    wrong += level_parameters(test::spring_law(), observed, {0.9})[0] / 8;
  }
  CHECK(right == Approx(1).epsilon(0.02));
  CHECK(std::abs(wrong - 1) > 2 * std::abs(right - 1));
}

TEST_CASE("trajectories of weight zero do not matter, and intervals hold the truth",
          "[learn][symbolic][levels]") {
  Observed observed = with_noise(test::pendulum(20, 3), 0.05, 0.05, 3);
  std::vector<double> weights(20, 1);
  weights[4] = 0;
  const auto without = level_parameters(test::pendulum_law(), observed, {2.9}, weights);
  for (std::size_t i = 4 * 45; i < 5 * 45; ++i) observed.states.x[0][i] *= 1.5;
  CHECK(level_parameters(test::pendulum_law(), observed, {2.9}, weights) == without);
  const Observed clean = with_noise(test::pendulum(20, 5), 0.05, 0.05, 5);
  const Law law = on_levels({.formula = test::pendulum_law(), .parameters = {2.9}}, clean, 100, 0);
  REQUIRE(law.intervals.size() == 1);
  CHECK(law.intervals[0].low < 3);
  CHECK(law.intervals[0].high > 3);
  CHECK(law.intervals[0].high - law.intervals[0].low < 0.1);
}

}  // namespace noether::learn::symbolic
