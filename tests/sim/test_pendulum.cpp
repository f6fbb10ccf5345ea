#include "sim/systems/oscillators/pendulum.h"

#include <catch2/catch.hpp>

#include "tests/sim/pendulum_closed_form.h"
#include "tests/sim/solve.h"
#include "tests/support/hdf5_read.h"
#include "tests/support/reference.h"

namespace noether::sim {
namespace {

// the published error bars of this library for the pendulum
constexpr double short_bar = 1e-11;  // to t = 3
constexpr double long_bar = 5e-11;   // to t = 20

std::vector<double> closed_forms(std::span<const double> starts, std::span<const double> times) {
  std::vector<double> all;
  for (std::size_t i = 0; i < starts.size(); i += 2) {
    const auto one = test::pendulum_closed_form(starts[i], starts[i + 1], times);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

}  // namespace

TEST_CASE("pendulums follow Jacobi's elliptic functions by either method", "[sim][pendulum]") {
  const auto starts = test::default_starts(pendulum(), 32);
  for (const char* method : {"taylor", "rkf78"}) {
    INFO(method);
    const auto options = test::default_integration(pendulum(), method);
    const auto brief = time_grid(0, 3, 45);
    const auto brief_states = integrate_many(pendulum(), {}, starts, brief, options);
    CHECK(test::largest_difference(brief_states, closed_forms(starts, brief)) <= short_bar);
    const auto extended = time_grid(0, 20, 201);
    const auto extended_states = integrate_many(pendulum(), {}, starts, extended, options);
    CHECK(test::largest_difference(extended_states, closed_forms(starts, extended)) <= long_bar);
  }
}

TEST_CASE("a small swing has the period of the linear pendulum", "[sim][pendulum]") {
  // at amplitude 1e-6 the period is longer by 1e-12 / 16 of itself
  const double period = 2 * std::numbers::pi / std::sqrt(6.0);
  const auto states = test::solve(pendulum(), std::vector{1e-6, 0.0}, std::vector{0.0, period});
  CHECK(std::abs(states[2] - 1e-6) < 1e-14);
  CHECK(std::abs(states[3]) < 1e-14);
}

TEST_CASE("recorded pendulum trajectories are met to the published bars",
          "[sim][pendulum][reference]") {
  const auto file = test::reference_file("hnn_ideal_reference.h5");
  const auto starts = test::read_dataset<double>(file, "pendulum/initial_state");
  for (const auto& [span, bar] : {std::pair{"short", short_bar}, std::pair{"long", long_bar}}) {
    const std::string group = std::string("pendulum/") + span;
    const auto times = test::read_dataset<double>(file, group + "/t");
    const auto truth = test::read_dataset<double>(file, group + "/closed_form");
    REQUIRE(truth.size() == starts.size() * times.size());
    for (const char* method : {"taylor", "rkf78"}) {
      INFO(span << " by " << method);
      const auto options = test::default_integration(pendulum(), method);
      const auto states = integrate_many(pendulum(), {}, starts, times, options);
      CHECK(test::largest_difference(states, truth) <= bar);
    }
  }
}

}  // namespace noether::sim
