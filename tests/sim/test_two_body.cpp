#include "sim/systems/gravity/two_body.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "tests/sim/solve.h"
#include "tests/support/hdf5_read.h"
#include "tests/support/reference.h"

namespace noether::sim {
namespace {

// An orbit near those of the default sampling. Over t = 20 rounding and the tolerance, 1e-14 a step
// over some 150 steps, grow linearly with the shift along the orbit: 1e-11 leaves a decade.
constexpr double bar = 1e-11;
const std::vector<double> orbit = {1.0, 0.5, -1.0, -0.5, -0.2, 0.42, 0.2, -0.42};

// The map on each of the four plane vectors of each state.
template <class Map>
std::vector<double> transformed(std::vector<double> states, Map map) {
  for (std::size_t i = 0; i < states.size(); i += 2) {
    const auto [x, y] = map(states[i], states[i + 1]);
    states[i] = x;
    states[i + 1] = y;
  }
  return states;
}

}  // namespace

TEST_CASE("a circular orbit has its Keplerian period", "[sim][two_body]") {
  // each body at distance 1 from the centre: speed 1/2, period 4 pi
  const std::vector<double> circle = {1, 0, -1, 0, 0, 0.5, 0, -0.5};
  const double period = 4 * std::numbers::pi;
  const auto states =
      test::solve(two_body(), circle, std::vector{0.0, period / 4, period / 2, period});
  const std::span<const double> all(states);
  CHECK(test::largest_difference(all.subspan(8, 8),
                                 std::vector{0.0, 1.0, 0.0, -1.0, -0.5, 0.0, 0.5, 0.0}) < bar);
  CHECK(test::largest_difference(all.last(8), circle) < bar);
}

TEST_CASE("turning the start turns the orbit", "[sim][two_body]") {
  const auto times = time_grid(0, 20, 50);
  const auto plain = test::solve(two_body(), orbit, times);
  const bool holds = rc::check([&] {
    const double angle = *rc::gen::inRange(0, 6283) * 1e-3;
    const auto turn = [&](double x, double y) {
      return std::pair{std::cos(angle) * x - std::sin(angle) * y,
                       std::sin(angle) * x + std::cos(angle) * y};
    };
    const auto turned = test::solve(two_body(), transformed(orbit, turn), times);
    RC_ASSERT(test::largest_difference(turned, transformed(plain, turn)) < bar);
  });
  CHECK(holds);
}

TEST_CASE("shifting and boosting the start shifts and boosts the orbit", "[sim][two_body]") {
  const auto times = time_grid(0, 20, 50);
  const auto plain = test::solve(two_body(), orbit, times);
  auto moved_start = orbit;
  const std::vector<double> shift = {3, -2, 3, -2, 0.25, 0.5, 0.25, 0.5};
  for (std::size_t d = 0; d < 8; ++d) moved_start[d] += shift[d];
  const auto moved = test::solve(two_body(), moved_start, times);
  auto expected = plain;
  for (std::size_t n = 0; n < times.size(); ++n) {
    for (std::size_t d = 0; d < 8; ++d) {
      expected[8 * n + d] += shift[d] + (d < 4 ? times[n] * shift[4 + d] : 0);
    }
  }
  // positions reach 12, where the same relative tolerance is ten times coarser
  CHECK(test::largest_difference(moved, expected) < 10 * bar);
}

TEST_CASE("recorded two-body orbits are met to 1e-10", "[sim][two_body][reference]") {
  const auto file = test::reference_file("hnn_ideal_reference.h5");
  const auto times = test::read_dataset<double>(file, "two_body/t");
  const auto starts = test::read_dataset<double>(file, "two_body/initial_state");
  const auto recorded = test::read_dataset<double>(file, "two_body/dop853_1e-13");
  const std::size_t count = starts.size() / 10;
  REQUIRE(count == 20);
  // from (trajectory, body, [m, x, y, vx, vy], time) to (trajectory, time, [x1, y1, x2, y2, v...])
  const auto arranged = [&](std::span<const double> data, std::size_t steps) {
    std::vector<double> states;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t n = 0; n < steps; ++n) {
        for (const std::size_t row : {1U, 2U, 6U, 7U, 3U, 4U, 8U, 9U}) {
          states.push_back(data[(i * 10 + row) * steps + n]);
        }
      }
    }
    return states;
  };
  const auto states = integrate_many(two_body(), {}, arranged(starts, 1), times, {});
  // the recorded integration itself keeps energy to 5e-13 and angular momentum to 1.2e-12, which
  // phase along the orbit amplifies some 30 times by t = 20
  CHECK(test::largest_difference(states, arranged(recorded, times.size())) < 1e-10);
}

}  // namespace noether::sim
