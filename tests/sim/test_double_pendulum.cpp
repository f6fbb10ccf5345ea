#include "sim/systems/oscillators/double_pendulum.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/sim/solve.h"

namespace noether::sim {

TEST_CASE("small swings of the double pendulum are its two normal modes",
          "[sim][double_pendulum]") {
  // 2 q1'' + q2'' = -2 w q1 and q1'' + q2'' = -w q2 with w = g / l have the modes q2 = s sqrt(2) q1
  // of frequency squared (2 - s sqrt(2)) w, s = +-1
  const System system = double_pendulum();
  const auto constants = default_values(system.constants);
  const auto times = time_grid(0, 3, 45);
  constexpr double amplitude = 1e-6;
  for (const double sign : {1.0, -1.0}) {
    const double ratio = sign * std::sqrt(2.0);
    const double frequency = std::sqrt((2 - ratio) * constants[1] / constants[2]);
    const auto states =
        test::solve(system, std::vector{amplitude, ratio * amplitude, 0.0, 0.0}, times);
    double worst = 0;
    for (std::size_t n = 0; n < times.size(); ++n) {
      const double swing = amplitude * std::cos(frequency * times[n]);
      worst = std::max(worst, std::abs(states[4 * n] - swing));
      worst = std::max(worst, std::abs(states[4 * n + 1] - ratio * swing));
    }
    // the cubic terms are 1e-18; the tolerance is 1e-14 a step over some 50 steps
    CHECK(worst < 1e-12);
  }
}

TEST_CASE("the double pendulum run back returns to its start", "[sim][double_pendulum]") {
  const System system = double_pendulum();
  const auto start = test::default_starts(system, 1);
  const auto there = test::solve(system, start, std::vector{0.0, 3.0});
  const auto back =
      test::solve(system, std::span<const double>(there).last(4), std::vector{3.0, 0.0});
  REQUIRE(test::largest_difference(std::span<const double>(there).last(4), start) > 0.1);
  // 1e-14 a step over 100 steps, times the growth of a chaotic flow over three seconds, below 100
  CHECK(test::largest_difference(std::span<const double>(back).last(4), start) < 1e-10);
}

}  // namespace noether::sim
