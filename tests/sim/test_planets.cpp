#include "sim/systems/gravity/planets.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/sim/solve.h"

namespace noether::sim {

TEST_CASE("planets keep energy, momentum and angular momentum", "[sim][planets]") {
  const System system = planets();
  const auto sampling = default_values(system.sampling);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    base::RandomStream random(seed, base::Purpose::initial_state, 0);
    const std::vector<double> masses{1, random.uniform(.02, .1), random.uniform(.02, .1), 1};
    const auto start = system.sample_initial_state(random, sampling, masses);
    const auto states = integrate(system, masses, start, time_grid(0, 1, 2), {});
    for (const Invariant& law : system.invariants) {
      CAPTURE(seed, law.name);
      const double before = law.value(start, masses);
      const double after = law.value(std::span(states).last(12), masses);
      CHECK(std::abs(after - before) < law.tolerance * std::max(1.0, std::abs(before)));
    }
  }
}

TEST_CASE("forces of planets are the slopes of their energy", "[sim][planets]") {
  const System system = planets();
  const auto masses = default_values(system.constants);
  auto state = test::default_starts(system, 1);
  std::vector<double> rate(12);
  system.derivative(state, masses, rate);
  const auto& energy = system.invariants[0].value;
  constexpr double step = 1e-5;  // central: 1e-10 of truncation and of rounding
  for (std::size_t k = 0; k < 6; ++k) {
    const double at = state[k];
    state[k] = at + step;
    const double above = energy(state, masses);
    state[k] = at - step;
    const double below = energy(state, masses);
    state[k] = at;
    CHECK(rate[k] == state[6 + k]);
    CHECK(masses[k / 2] * rate[6 + k] == Approx((below - above) / (2 * step)).margin(1e-8));
  }
}

TEST_CASE("a planet goes round the star in Kepler's period", "[sim][planets]") {
  // distance 1, masses 1 and .1; the third body is so far that its pull is 1e-15
  const std::vector<double> masses{1, 0.1, 1e-3, 1};
  const double rate = std::sqrt(1.1), half = 2 * std::acos(0.0) / rate;
  const std::vector<double> start{0, 0, 1, 0, 1e6, 0, 0, 0, 0, rate, 0, 0};
  const auto states =
      integrate(planets(), masses, start, std::vector{0.0, half / 2, half, 2 * half}, {});
  const auto between = [&](std::size_t time, std::size_t axis) {
    return states[12 * time + 2 + axis] - states[12 * time + axis];
  };
  constexpr double bar = 1e-11;  // as for two bodies
  CHECK(between(1, 0) == Approx(0).margin(bar));
  CHECK(between(1, 1) == Approx(1).epsilon(bar));
  CHECK(between(2, 0) == Approx(-1).epsilon(bar));
  CHECK(between(3, 0) == Approx(1).epsilon(bar));
  CHECK(between(3, 1) == Approx(0).margin(bar));
}

}  // namespace noether::sim
