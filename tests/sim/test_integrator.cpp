#include "sim/integrator.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "sim/systems/gravity/two_body.h"
#include "sim/systems/oscillators/damped_pendulum.h"
#include "sim/systems/oscillators/pendulum.h"
#include "sim/systems/oscillators/spring.h"
#include "tests/sim/pendulum_closed_form.h"
#include "tests/sim/solve.h"

namespace noether::sim {
namespace {

const std::vector<double> swing = {1.5, 0.8};

// The largest error on the way to t = 2.4 in `steps` steps of a method; a tolerance that allows
// everything makes the adaptive methods take each output interval in one step.
double error_of(const std::string& method, int steps) {
  const auto times = time_grid(0, 2.4, steps + 1);
  const auto states =
      integrate(pendulum(), {}, swing, times, {.method = method, .rtol = 0, .atol = 1e6});
  return test::largest_difference(states, test::pendulum_closed_form(swing[0], swing[1], times));
}

// A system with dy/dt = y^2, whose solution from y = 1 leaves every bound at t = 1.
System explosion() {
  System system = spring();
  system.name = "explosion";
  system.derivative = [](std::span<const double> state, std::span<const double>,
                         std::span<double> rate) {
    rate[0] = state[0] * state[0];
    rate[1] = 0;
  };
  return system;
}

}  // namespace

TEST_CASE("halving the step of a method divides its error by two to its order",
          "[sim][integrator]") {
  // the steps are such that the finest error is far above rounding; taylor: test_taylor.cpp
  for (const auto& [method, steps] :
       {std::pair{"rkf78", 12}, std::pair{"dopri5", 24}, std::pair{"rk4", 24},
        std::pair{"velocity-verlet", 24}, std::pair{"forest-ruth", 48}}) {
    const int order = std::ranges::find(all_integrators(), method, &IntegratorInfo::name)->order;
    const double coarse = error_of(method, steps);
    const double middle = error_of(method, 2 * steps);
    const double fine = error_of(method, 4 * steps);
    INFO(method << ": " << coarse << ", " << middle << ", " << fine);
    REQUIRE(fine > 1e-13);
    // the next power of the step still adds some tenths of an order, the less the finer the step
    CHECK(std::log2(middle / fine) == Approx(order).margin(0.4));
    CHECK(std::log2(coarse / middle) == Approx(order).margin(0.8));
  }
}

TEST_CASE("every method run back returns to its start", "[sim][integrator]") {
  for (const IntegratorInfo& info : all_integrators()) {
    Integration options{.method = info.name, .max_step = 0.01};
    const auto there = integrate(pendulum(), {}, swing, std::vector{0.0, 1.0, 3.0}, options);
    const auto end = std::span<const double>(there).last(2);
    const auto back = integrate(pendulum(), {}, end, std::vector{3.0, 1.0, 0.0}, options);
    INFO(info.name);
    REQUIRE(test::largest_difference(end, swing) > 0.1);
    // rk4 at a step of 0.01 is wrong by some 1e-9 each way; the others keep 1e-12, symplectic ones
    // because their steps reverse exactly but for rounding
    const double tolerance = info.name == "rk4" ? 1e-8 : 1e-12;
    CHECK(test::largest_difference(std::span<const double>(back).last(2), swing) < tolerance);
  }
}

TEST_CASE("velocity Verlet keeps the energy near its start for a long time", "[sim][integrator]") {
  const auto energy = pendulum().invariants[0].value;
  const auto times = time_grid(0, 500, 10001);
  const auto drift = [&](const std::string& method) {
    const auto states = integrate(pendulum(), {}, swing, times, {.method = method});
    const auto constants = default_values(pendulum().constants);
    return std::abs(energy(std::span<const double>(states).last(2), constants) -
                    energy(swing, constants));
  };
  // a symplectic method errs by O(dt^2) = 0.0025 times a third derivative, without drift
  CHECK(drift("velocity-verlet") < 0.02);
  CHECK(drift("forest-ruth") < 1e-4);
  CHECK(drift("rk4") > 1e-4);
}

TEST_CASE("a fixed step is split evenly to at most max_step", "[sim][integrator]") {
  const auto coarse =
      integrate(spring(), {}, swing, std::vector{0.0, 1.0}, {.method = "rk4", .max_step = 0.3});
  const auto fine = integrate(spring(), {}, swing, time_grid(0, 1, 5), {.method = "rk4"});
  CHECK(std::vector(coarse.end() - 2, coarse.end()) == std::vector(fine.end() - 2, fine.end()));
}

TEST_CASE("a max_step of next to nothing ends in a NumericalError", "[sim][integrator]") {
  CHECK_THROWS_AS(
      integrate(spring(), {}, swing, std::vector{0.0, 1.0}, {.method = "rk4", .max_step = 1e-300}),
      base::NumericalError);
}

TEST_CASE("the start is returned exactly, and alone for a single time", "[sim][integrator]") {
  for (const IntegratorInfo& info : all_integrators()) {
    CHECK(integrate(pendulum(), {}, swing, std::vector{7.0}, {.method = info.name}) == swing);
  }
}

TEST_CASE("many trajectories are each trajectory alone", "[sim][integrator]") {
  const auto starts = test::default_starts(two_body(), 3);
  const auto times = time_grid(0, 5, 11);
  const auto all = integrate_many(two_body(), {}, starts, times, {});
  for (std::size_t i = 0; i < 3; ++i) {
    const auto one = integrate(two_body(), {}, std::span(starts).subspan(8 * i, 8), times, {});
    CHECK(std::equal(one.begin(), one.end(), &all[i * one.size()]));
  }
}

TEST_CASE("a tolerance that cannot be met ends at once in a NumericalError", "[sim][integrator]") {
  const auto times = time_grid(0, 3, 45);
  for (const char* method : {"rkf78", "dopri5", "taylor"}) {
    INFO(method);
    CHECK_THROWS_WITH(
        integrate(pendulum(), {}, swing, times, {.method = method, .rtol = 1e-30, .atol = 1e-30}),
        Catch::Contains("the tolerance cannot be met"));
  }
}

TEST_CASE("a relative tolerance alone is enough, from zero too", "[sim][integrator]") {
  const std::vector<double> from_zero = {0.0, 1.0};
  const auto times = time_grid(0, 3, 45);
  const auto truth = test::pendulum_closed_form(0.0, 1.0, times);
  for (const char* method : {"rkf78", "dopri5", "taylor"}) {
    INFO(method);
    const auto states =
        integrate(pendulum(), {}, from_zero, times, {.method = method, .rtol = 1e-10, .atol = 0});
    // some 100 steps of 1e-10 each
    CHECK(test::largest_difference(states, truth) < 1e-8);
  }
}

TEST_CASE("a solution that leaves every bound ends in a NumericalError", "[sim][integrator]") {
  const std::vector<double> start = {1.0, 0.0};
  for (const char* method : {"rkf78", "dopri5", "rk4"}) {
    INFO(method);
    CHECK_THROWS_AS(integrate(explosion(), {}, start, time_grid(0, 4, 41), {.method = method}),
                    base::NumericalError);
  }
}

TEST_CASE("two bodies in one place end in a NumericalError", "[sim][integrator]") {
  CHECK_THROWS_AS(integrate(two_body(), {}, std::vector<double>(8, 0.0), std::vector{0.0, 1.0}, {}),
                  base::NumericalError);
}

TEST_CASE("arguments that make no sense are refused", "[sim][integrator]") {
  const auto times = time_grid(0, 1, 3);
  const auto run = [](std::vector<double> start, std::vector<double> at, Integration options) {
    return integrate(pendulum(), {}, start, at, options);
  };
  CHECK_THROWS_WITH(run(swing, times, {.method = "rk5"}), Catch::Contains("did you mean 'rk4'?"));
  CHECK_THROWS_AS(run(swing, {}, {}), base::UsageError);
  CHECK_THROWS_AS(run(swing, {0.0, 1.0, 1.0}, {}), base::UsageError);
  CHECK_THROWS_AS(run(swing, {0.0, 1.0, 0.5}, {}), base::UsageError);
  CHECK_THROWS_AS(run(swing, {0.0, NAN}, {}), base::UsageError);
  CHECK_THROWS_AS(run({1.0, NAN}, times, {}), base::UsageError);
  CHECK_THROWS_AS(run({1.0}, times, {}), base::ShapeError);
  CHECK_THROWS_AS(run(swing, times, {.rtol = -1}), base::UsageError);
  CHECK_THROWS_AS(run(swing, times, {.rtol = 0, .atol = 0}), base::UsageError);
  CHECK_THROWS_AS(run(swing, times, {.method = "rk4", .max_step = -1}), base::UsageError);
  CHECK_THROWS_AS(integrate_many(pendulum(), {}, {}, times, {}), base::ShapeError);
}

TEST_CASE("a method that a system brings along is given its constants and all starts at once",
          "[sim][integrator]") {
  System system = damped_pendulum();
  // not the pendulum's equations, so that nothing but this function can give its result
  system.packs = {.method = "taylor",
                  .pack_size = 3,
                  .integrate = [](std::span<const double> constants, std::span<const double> starts,
                                  std::span<const double> times, const Tolerance& tolerance) {
                    return std::vector<double>{constants[0], static_cast<double>(starts.size()),
                                               times[1], tolerance.relative, tolerance.absolute};
                  }};
  const auto starts = test::default_starts(damped_pendulum(), 5);
  const auto states =
      integrate_many(system, test::constants_with(system, {{"m", 0.25}}), starts,
                     std::vector{0.0, 2.0}, {.method = "taylor", .rtol = 1e-3, .atol = 1e-4});
  CHECK(states == std::vector<double>{0.25, 10, 2.0, 1e-3, 1e-4});
  CHECK(pack_size(system, "taylor") == 3);
  CHECK(pack_size(spring(), "taylor") == 1);
}

TEST_CASE("a method that does not fit the system is refused", "[sim][integrator]") {
  const auto times = time_grid(0, 1, 3);
  const std::vector<double> start = {1.0, 0.0};
  CHECK_THROWS_WITH(integrate(spring(), {}, start, times, {.method = "taylor"}),
                    "taylor does not fit spring: expected pendulum or damped-pendulum");
  CHECK_THROWS_AS(integrate(damped_pendulum(), {}, start, times, {.method = "velocity-verlet"}),
                  base::UsageError);
}

}  // namespace noether::sim
