#include "sim/systems/oscillators/damped_pendulum.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/systems/oscillators/pendulum.h"
#include "tests/sim/solve.h"

namespace noether::sim {

TEST_CASE("without friction the damped pendulum is the pendulum", "[sim][damped_pendulum]") {
  const auto starts = test::default_starts(pendulum(), 16);
  const auto times = time_grid(0, 3, 45);
  const auto options = test::default_integration(pendulum());
  CHECK(integrate_many(damped_pendulum(), test::constants_with(damped_pendulum(), {{"gamma", 0.0}}),
                       starts, times,
                       options) == integrate_many(pendulum(), {}, starts, times, options));
}

TEST_CASE("small damped swings follow the linear closed form", "[sim][damped_pendulum]") {
  constexpr double gamma = 0.5;
  constexpr double amplitude = 1e-5;
  const auto times = time_grid(0, 20, 101);
  const auto states =
      integrate(damped_pendulum(), test::constants_with(damped_pendulum(), {{"gamma", gamma}}),
                std::vector{amplitude, 0.0}, times, test::default_integration(damped_pendulum()));
  // q'' = 2 p' = -6 q - gamma q'
  const double frequency = std::sqrt(6 - gamma * gamma / 4);
  double worst = 0;
  for (std::size_t n = 0; n < times.size(); ++n) {
    const double t = times[n];
    const double q = amplitude * std::exp(-gamma * t / 2) *
                     (std::cos(frequency * t) + gamma / (2 * frequency) * std::sin(frequency * t));
    worst = std::max(worst, std::abs(states[2 * n] - q));
  }
  // the cubic term shifts the phase by some amplitude^2 t / 16, so q by 1e-15; the tolerance of the
  // integrator, 1e-14 a step over some 60 steps, adds less than 1e-12
  CHECK(worst < 1e-12);
}

TEST_CASE("energy is lost at the rate 2 gamma p^2", "[sim][damped_pendulum]") {
  const System system = damped_pendulum();
  const auto constants = default_values(system.constants);
  // Simpson's rule over 2000 intervals is wrong by (0.01)^4 times a fourth derivative near 1e3,
  // times gamma: below 1e-6 / 100
  const auto times = time_grid(0, 20, 2001);
  const auto states = test::solve(system, std::vector{2.0, 0.5}, times);
  double integral = 0;
  for (std::size_t n = 0; n < times.size(); ++n) {
    const double weight = n == 0 || n + 1 == times.size() ? 1 : n % 2 == 1 ? 4 : 2;
    integral += weight * states[2 * n + 1] * states[2 * n + 1] * 0.01 / 3;
  }
  const auto energy = system.invariants[0].value;
  const std::span<const double> all(states);
  const double lost = energy(all.first(2), constants) - energy(all.last(2), constants);
  REQUIRE(lost > 0.1);
  CHECK(lost == Approx(2 * constants[3] * integral).epsilon(0).margin(1e-8));
}

TEST_CASE("a strongly damped pendulum creeps to rest without passing it",
          "[sim][damped_pendulum]") {
  const auto times = time_grid(0, 20, 201);
  const auto states =
      integrate(damped_pendulum(), test::constants_with(damped_pendulum(), {{"gamma", 10.0}}),
                std::vector{1.0, 0.0}, times, test::default_integration(damped_pendulum()));
  for (std::size_t n = 1; n < times.size(); ++n) {
    CHECK(states[2 * n] > 0);
    CHECK(states[2 * n] < states[2 * n - 2]);
  }
}

}  // namespace noether::sim
