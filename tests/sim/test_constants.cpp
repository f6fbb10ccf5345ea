// Systems whose constants differ from trajectory to trajectory.

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "tests/sim/solve.h"

namespace noether::sim {
namespace {

// From half to twice the default; friction, whose default is 0, up to 1/2. Atoms would overlap.
std::vector<base::Uniform> wide_ranges(const System& system) {
  const double most = system.name.starts_with("lennard-jones") ? 1.1 : 2;
  std::vector<base::Uniform> ranges;
  for (const Constant& constant : system.constants) {
    const bool is_friction = constant.name == friction_name;
    ranges.push_back(is_friction ? base::Uniform{0, 0.5}
                                 : base::Uniform{constant.value / most, constant.value * most});
    if (ranges.back().low > ranges.back().high) std::swap(ranges.back().low, ranges.back().high);
  }
  return ranges;
}

}  // namespace

TEST_CASE("invariants hold over a hundred seeds and drawn constants", "[sim][constants]") {
  for (const System& system : all_systems()) {
    const auto times = test::default_times(system);
    const std::size_t d = system.dimension();
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      const auto constants = draw_constants(system, wide_ranges(system), seed, 0, 1);
      const auto start = test::starts_of(system, constants, seed, 1);
      const auto states =
          integrate(system, constants, start, times, test::default_integration(system));
      for (const Invariant& invariant : system.invariants) {
        const Law law = law_of(invariant, has_friction(system, constants));
        const double first = invariant.value(start, constants);
        double before = first, worst = 0;
        for (std::size_t n = 1; n < times.size(); ++n) {
          const double value = invariant.value({&states[n * d], d}, constants);
          worst = std::max(worst, law == Law::conserved ? std::abs(value - first) : value - before);
          before = value;
        }
        INFO(system.name << ", seed " << seed << ": " << invariant.name << " changes by " << worst);
        // stiffer and heavier: up to four times the rate, and of the steps
        CHECK(worst <= 4 * invariant.tolerance * std::max(1.0, std::abs(first)));
      }
    }
  }
}

TEST_CASE("trajectories with constants of their own are each trajectory alone",
          "[sim][constants]") {
  for (const char* name : {"spring", "pendulum", "damped-pendulum", "two-body"}) {
    const System& system = find_system(name);
    const std::size_t d = system.dimension(), c = system.constants.size();
    const auto times = time_grid(0, 2, 5);
    const auto constants = draw_constants(system, wide_ranges(system), 3, 0, 4);
    const auto starts =
        sample_initial_states(system, default_values(system.sampling), constants, 3, 0, 4);
    const auto options = test::default_integration(system);
    const auto all = integrate_many(system, constants, starts, times, options);
    for (std::size_t i = 0; i < 4; ++i) {
      INFO(name << ", trajectory " << i);
      const auto own = std::span(constants).subspan(i * c, c);
      const auto one = integrate(system, own, std::span(starts).subspan(i * d, d), times, options);
      CHECK(std::equal(one.begin(), one.end(), &all[i * one.size()]));
    }
  }
}

TEST_CASE("a drawn constant is a function of seed and index alone, within its range",
          "[sim][constants]") {
  const System& system = find_system("double-pendulum");
  const auto ranges = wide_ranges(system);
  const auto all = draw_constants(system, ranges, 7, 0, 20);
  const std::size_t c = ranges.size();
  CHECK(draw_constants(system, ranges, 7, 13, 7) ==
        std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(13 * c), all.end()));
  CHECK(draw_constants(system, ranges, 8, 0, 20) != all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i] >= ranges[i % c].low);
    CHECK(all[i] <= ranges[i % c].high);
  }
  // to fix one leaves the others as they are
  auto fixed = ranges;
  fixed[0] = {1, 1};
  const auto others = draw_constants(system, fixed, 7, 0, 20);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(others[i] == (i % c == 0 ? 1 : all[i]));
}

TEST_CASE("ranges that are inverted or reach too far are refused", "[sim][constants]") {
  const System& system = find_system("spring");
  CHECK_THROWS_WITH(
      draw_constants(system, std::vector<base::Uniform>{{2, 1}, {1, 1}, {0, 0}}, 0, 0, 1),
      "spring: the range of k is inverted");
  CHECK_THROWS_AS(
      draw_constants(system, std::vector<base::Uniform>{{1, 1}, {0, 1}, {0, 0}}, 0, 0, 1),
      base::UsageError);
}

TEST_CASE("a spring swings at sqrt(k / m) and decays at friction / 2 m", "[sim][constants]") {
  const System& system = find_system("spring");
  const double k = 3, m = 0.7, f = 0.2;
  const auto constants = test::constants_with(system, {{"k", k}, {"m", m}, {"friction", f}});
  const auto times = time_grid(0, 10, 41);
  const auto states = integrate(system, constants, std::vector{1.0, 0.0}, times, {});
  const double decay = f / (2 * m), rate = std::sqrt(k / m - decay * decay);
  for (std::size_t n = 0; n < times.size(); ++n) {
    const double t = times[n];
    const double q =
        std::exp(-decay * t) * (std::cos(rate * t) + decay / rate * std::sin(rate * t));
    CHECK(states[2 * n] == Approx(q).margin(1e-12));  // some hundred steps of 1e-14
  }
}

TEST_CASE("small swings of a pendulum have the period of gravity and length", "[sim][constants]") {
  const System& system = find_system("pendulum");
  const double m = 2, g = 9.81, l = 0.5, amplitude = 1e-5;
  const auto constants = test::constants_with(system, {{"m", m}, {"g", g}, {"l", l}});
  const auto times = time_grid(0, 5, 21);
  for (const char* method : {"taylor", "rkf78"}) {
    const auto states =
        integrate(system, constants, std::vector{amplitude, 0.0}, times, {.method = method});
    for (std::size_t n = 0; n < times.size(); ++n) {
      // the cubic term shifts the phase by some amplitude^2 t, so q by 1e-15
      CHECK(states[2 * n] ==
            Approx(amplitude * std::cos(std::sqrt(g / l) * times[n])).margin(1e-13));
    }
  }
}

TEST_CASE("an orbit of unequal masses has Kepler's period", "[sim][constants]") {
  const System& system = find_system("two-body");
  const double m1 = 3, m2 = 0.5, G = 2, period = 2 * std::acos(-1.0) / std::sqrt(G * (m1 + m2));
  const double speed = std::sqrt(G * (m1 + m2)), share1 = m2 / (m1 + m2), share2 = m1 / (m1 + m2);
  const std::vector<double> start{share1, 0, -share2, 0, 0, share1 * speed, 0, -share2 * speed};
  const auto states =
      integrate(system, std::vector{m1, m2, G}, start, std::vector{0.0, period / 2, period}, {});
  for (std::size_t k = 0; k < 8; ++k) {
    CHECK(states[8 + k] == Approx(-start[k]).margin(1e-11));
    CHECK(states[16 + k] == Approx(start[k]).margin(1e-11));
  }
}

TEST_CASE("symplectic methods do not fit friction", "[sim][constants]") {
  const System& system = find_system("spring");
  const auto constants = test::constants_with(system, {{"friction", 0.1}});
  CHECK_THROWS_WITH(integrate(system, constants, std::vector{1.0, 0.0}, std::vector{0.0, 1.0},
                              {.method = "velocity-verlet"}),
                    "velocity-verlet does not fit spring with friction: expected q' = f(p), p' = "
                    "g(q)");
}

}  // namespace noether::sim
