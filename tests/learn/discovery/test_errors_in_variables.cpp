#include "learn/discovery/errors_in_variables.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/discovery/formulas/fit.h"
#include "tests/learn/discovery/motions.h"

namespace {

using namespace noether::learn::symbolic;
namespace test = noether::test;

struct Both {
  Fit ignoring;
  OffsetFit with;
};

// The parameter with offsets and, before, without.
Both fits(const Expression& e, const Trajectories& t) {
  const Program program = compile(e);
  const Points points = all_points(t);
  Machine machine(2);
  const Fit first = fitted(e, program, points, 3, {.bound = parameter_bound(t)}, machine);
  return {first, fitted_with_offsets(program, points, {.parameters = first.parameters},
                                     {.variance = t.offset_variance, .bound = parameter_bound(t)})};
}

TEST_CASE("offsets that were added are found, and the parameter with them",
          "[symbolic][errors-in-variables]") {
  // noise of 0.1, averaged over the points of a trajectory
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const auto pendulum = test::with_offsets(test::pendulum(25, seed), 0.1 / std::sqrt(45), seed);
    const auto spring = test::with_offsets(test::spring(25, seed), 0.1 / std::sqrt(30), seed);
    const Both of_pendulum = fits(test::pendulum_law(), pendulum);
    const Both of_spring = fits(test::spring_law(), spring);
    CAPTURE(of_pendulum.with.parameters[0] - 3, of_spring.with.parameters[0] - 1);
    // derivatives are exact here: all that is left is the prior's pull at the least resolution
    CHECK(of_pendulum.with.parameters[0] == Approx(3).epsilon(1e-9));
    CHECK(of_spring.with.parameters[0] == Approx(1).epsilon(1e-8));
    // fifty offsets in two coordinates, of which the law determines nearly all
    CHECK(of_pendulum.with.offset_size.degrees == Approx(50).margin(2));
    CHECK(std::abs(excess(of_pendulum.with.offset_size)) < most_excess);
    CHECK(of_pendulum.with.score < 1e-16);
    CHECK(of_spring.with.score < 1e-16);
    CHECK(of_pendulum.ignoring.score > 1e-6);
  }
}

TEST_CASE("exact states need no offsets", "[symbolic][errors-in-variables]") {
  auto t = test::pendulum(10, 1);
  t.offset_variance = 1e-4;
  const Both fit = fits(test::pendulum_law(), t);
  // the descent ends where a step lowers the sum by a share below 1e-7, and converges by squares
  CHECK(fit.with.parameters[0] == Approx(3).epsilon(1e-9));
  CHECK(fit.with.offset_size.chi_square < 1e-10);
}

TEST_CASE("the offsets of a trajectory of weight zero do not matter",
          "[symbolic][errors-in-variables]") {
  auto t = test::with_offsets(test::pendulum(10, 2), 0.015, 2);
  for (std::size_t i = 0; i < 45; ++i) t.x[0][i] += 0.7;
  std::vector<double> weights(450, 1);
  std::fill(weights.begin(), weights.begin() + 45, 0);
  const Points points = all_points(t);
  const auto fit =
      descended_with_offsets(compile(test::pendulum_law()), points, {.parameters = {2.5}},
                             {.variance = 2.25e-4, .weights = weights});
  // where the descent ends
  CHECK(fit.parameters[0] == Approx(3).epsilon(1e-5));
  CHECK(fit.offsets[0] == 0);
}

}  // namespace
