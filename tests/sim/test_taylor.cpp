#include "sim/taylor.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "base/pack.h"
#include "sim/systems/oscillators/damped_pendulum.h"
#include "sim/systems/oscillators/pendulum.h"
#include "tests/sim/pendulum_closed_form.h"
#include "tests/sim/solve.h"

namespace noether::sim {
namespace {

std::vector<double> by(const std::string& method, double gamma, std::span<const double> starts,
                       std::span<const double> times) {
  return integrate_many(damped_pendulum(),
                        test::constants_with(damped_pendulum(), {{"gamma", gamma}}), starts, times,
                        {.method = method});
}

std::vector<double> one_step(double q, double p, double time) {
  // a tolerance that allows everything makes one step of the whole interval
  const auto states = taylor_pendulums({}, std::vector{q, p}, std::vector{0.0, time},
                                       {.relative = 0, .absolute = 1e30});
  return {states[2], states[3]};
}

}  // namespace

TEST_CASE("Taylor series and Runge-Kutta agree for any friction", "[sim][taylor]") {
  const auto starts = test::default_starts(damped_pendulum(), 16);
  const auto times = time_grid(0, 20, 101);
  for (const double gamma : {0.0, 0.02, 0.5, 3.0, 10.0}) {
    INFO("gamma " << gamma);
    const auto series = by("taylor", gamma, starts, times);
    // each keeps 5e-11 against the closed form where gamma is 0
    CHECK(test::largest_difference(series, by("rkf78", gamma, starts, times)) < 1e-10);
  }
}

TEST_CASE("one step of the series errs by its order plus one", "[sim][taylor]") {
  const auto error = [](double time) {
    const auto truth = test::pendulum_closed_form(1.5, 0.8, std::vector{time});
    return test::largest_difference(one_step(1.5, 0.8, time), truth);
  };
  // well inside the radius of convergence, about 0.7, and well above rounding
  const double coarse = error(0.48);
  const double middle = error(0.40);
  const double fine = error(0.36);
  REQUIRE(fine > 1e-12);
  REQUIRE(coarse < 1e-3);
  CHECK(middle < coarse);
  // the next terms of the series count half as much: one and a half orders of tolerance
  CHECK(std::log(coarse / fine) / std::log(0.48 / 0.36) == Approx(taylor_order + 1).margin(1.5));
}

TEST_CASE("rotating pendulums agree with Runge-Kutta", "[sim][taylor]") {
  // p = 30 turns ten times a second, and makes positions near 200 and some ten times the rounding
  const std::vector<double> starts = {0.1, 3.0, -1.0, -8.0, 2.0, 30.0};
  const auto times = time_grid(0, 3, 31);
  const auto series = by("taylor", 0.0, starts, times);
  REQUIRE(series.back() > 29);
  CHECK(test::largest_difference(series, by("rkf78", 0.0, starts, times)) < 1e-10);
}

TEST_CASE("near the separatrix a pendulum still follows its closed form", "[sim][taylor]") {
  // released at rest 0.001 below the top: H = 6 - 1.5e-6
  const double q = std::numbers::pi - 1e-3;
  const auto times = time_grid(0, 10, 51);
  const auto states = test::solve(pendulum(), std::vector{q, 0.0}, times);
  // the instability, exp(sqrt(6) t) up to the fall after 3 s and again on the way up, multiplies an
  // error of 1e-15 by some 1e4 and then by 1e3
  CHECK(test::largest_difference(states, test::pendulum_closed_form(q, 0.0, times)) < 1e-8);
}

TEST_CASE("a pendulum at rest stays at rest", "[sim][taylor]") {
  const auto states = test::solve(pendulum(), std::vector{0.0, 0.0}, time_grid(0, 20, 11));
  CHECK(states == std::vector<double>(22, 0.0));
}

TEST_CASE("dense, uneven and backward output lie on one trajectory", "[sim][taylor]") {
  const std::vector<double> start = {1.9, -0.4};
  const auto check = [&](std::vector<double> times) {
    const auto states = test::solve(pendulum(), start, times);
    const auto truth = test::pendulum_closed_form(start[0], start[1], times);
    CHECK(test::largest_difference(states, truth) < 1e-11);
  };
  check(time_grid(0, 3, 10001));
  check({0.0, 1e-9, 0.3, 0.30000001, 2.9});
  check({0.0, -0.001, -0.5, -3.0});
}

TEST_CASE("the tolerance governs the error", "[sim][taylor]") {
  const auto starts = test::default_starts(pendulum(), 16);
  const auto times = time_grid(0, 3, 45);
  const auto exact = by("rkf78", 0.0, starts, times);
  double before = 1;
  for (const double tolerance : {1e-4, 1e-7, 1e-10}) {
    const auto states = integrate_many(pendulum(), {}, starts, times,
                                       {.method = "taylor", .rtol = tolerance, .atol = tolerance});
    const double error = test::largest_difference(states, exact);
    // some 20 steps, errors grown tenfold by the flow
    CHECK(error < 200 * tolerance);
    CHECK(error < before);
    before = error;
  }
}

TEST_CASE("the first pack does not depend on how many follow", "[sim][taylor]") {
  const auto starts = test::default_starts(pendulum(), 40);
  const auto times = time_grid(0, 3, 45);
  const auto all = by("taylor", 0.0, starts, times);
  const auto first = by("taylor", 0.0, std::span(starts).first(2 * base::pack_lanes), times);
  CHECK(std::equal(first.begin(), first.end(), all.begin()));
  CHECK(pack_size(pendulum(), "taylor") == static_cast<int>(base::pack_lanes));
  CHECK(pack_size(pendulum(), "rkf78") == 1);
}

TEST_CASE("a trajectory's bits do not depend on its place in the pack", "[sim][taylor]") {
  const auto starts = test::default_starts(pendulum(), base::pack_lanes);
  const auto times = time_grid(0, 3, 45);
  const auto states = by("taylor", 0.0, starts, times);
  std::vector<double> turned(starts.begin() + 10, starts.end());
  turned.insert(turned.end(), starts.begin(), starts.begin() + 10);
  auto expected = states;
  std::rotate(expected.begin(), expected.begin() + 5 * 2 * 45, expected.end());
  CHECK(by("taylor", 0.0, turned, times) == expected);
}

TEST_CASE("a part of a pack is completed with copies of its last member", "[sim][taylor]") {
  const auto starts = test::default_starts(pendulum(), 3);
  auto full = starts;
  while (full.size() < 2 * base::pack_lanes) full.insert(full.end(), {starts[4], starts[5]});
  const auto times = time_grid(0, 3, 45);
  const auto part = by("taylor", 0.0, starts, times);
  const auto whole = by("taylor", 0.0, full, times);
  CHECK(std::equal(part.begin(), part.end(), whole.begin()));
}

TEST_CASE("impossible speeds end in a NumericalError", "[sim][taylor]") {
  for (const double p : {1e12, 1e300}) {
    CHECK_THROWS_AS(test::solve(pendulum(), std::vector{0.0, p}, std::vector{0.0, 3.0}),
                    base::NumericalError);
  }
}

}  // namespace noether::sim
