#include "sim/systems/oscillators/spring.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "tests/sim/solve.h"
#include "tests/sim/spring_closed_form.h"
#include "tests/support/hdf5_read.h"
#include "tests/support/reference.h"

namespace noether::sim {
namespace {

// the published error bar of this library for the spring
constexpr double bar = 1e-12;

}  // namespace

TEST_CASE("the spring turns in its plane with period pi", "[sim][spring]") {
  const auto times = time_grid(0, 3, 30);
  const bool holds = rc::check([&] {
    const double q = *rc::gen::inRange(-1000, 1001) * 1e-3;
    const double p = *rc::gen::inRange(-1000, 1001) * 1e-3;
    const auto states = test::solve(spring(), std::vector{q, p}, times);
    RC_ASSERT(test::largest_difference(states, test::spring_closed_form(q, p, times)) <= bar);
  });
  CHECK(holds);
}

TEST_CASE("a spring at rest stays at rest", "[sim][spring]") {
  const auto states = test::solve(spring(), std::vector{0.0, 0.0}, time_grid(0, 3, 30));
  CHECK(states == std::vector<double>(60, 0.0));
}

TEST_CASE("recorded spring trajectories are met to 1e-12", "[sim][spring][reference]") {
  const auto file = test::reference_file("hnn_ideal_reference.h5");
  const auto starts = test::read_dataset<double>(file, "spring/initial_state");
  for (const char* span : {"short", "long"}) {
    const std::string group = std::string("spring/") + span;
    const auto times = test::read_dataset<double>(file, group + "/t");
    const auto truth = test::read_dataset<double>(file, group + "/closed_form");
    REQUIRE(truth.size() == starts.size() * times.size());
    const auto states = integrate_many(spring(), {}, starts, times, {});
    CHECK(test::largest_difference(states, truth) <= bar);
  }
}

}  // namespace noether::sim
