#include "sim/system.h"

#include <catch2/catch.hpp>
#include <set>

#include "base/error.h"
#include "tests/sim/solve.h"

namespace noether::sim {
namespace {

// The gradient of a function of the state by central differences of step h: wrong by h^2 times a
// third derivative and by rounding / h; with h = 1e-5 both are near 1e-10 for functions of order 1.
std::vector<double> gradient(const Invariant& invariant, std::vector<double> state,
                             std::span<const double> constants) {
  constexpr double h = 1e-5;
  std::vector<double> result;
  for (double& x : state) {
    const double middle = x;
    x = middle + h;
    const double above = invariant.value(state, constants);
    x = middle - h;
    const double below = invariant.value(state, constants);
    x = middle;
    result.push_back((above - below) / (2 * h));
  }
  return result;
}

// the rounding of energies near 20 over 2 h, with a margin of ten
constexpr double difference_tolerance = 1e-8;

std::vector<double> rate_of(const System& system, std::span<const double> state) {
  std::vector<double> rate(system.dimension());
  system.derivative(state, default_values(system.constants), rate);
  return rate;
}

double norm(std::span<const double> x) {
  double square = 0;
  for (const double value : x) square += value * value;
  return std::sqrt(square);
}

}  // namespace

TEST_CASE("every system is complete and found by its own name", "[sim][system]") {
  REQUIRE(all_systems().size() >= 23);
  std::set<std::string> names;
  for (const System& system : all_systems()) {
    INFO(system.name);
    CHECK(names.insert(system.name).second);
    CHECK(&find_system(system.name) == &system);
    CHECK(system.dimension() >= 2);
    CHECK(system.steps >= 2);
    CHECK(system.t_end > 0);
    CHECK_FALSE(system.equations.empty());
    CHECK_FALSE(system.citation.empty());
    const bool is_lawless = system.name == "van-der-pol" || system.name == "lorenz";
    CHECK(system.invariants.empty() == is_lawless);
    for (const Invariant& invariant : system.invariants) CHECK(invariant.tolerance > 0);
  }
}

TEST_CASE("an unknown system is refused with the nearest name", "[sim][system]") {
  CHECK_THROWS_WITH(find_system("pendulun"), Catch::Contains("did you mean 'pendulum'?"));
  CHECK_THROWS_AS(find_system("pendulun"), base::UsageError);
}

TEST_CASE("defaults lie within the intervals they declare", "[sim][system]") {
  for (const System& system : all_systems()) {
    CHECK_NOTHROW(check_values(system.name, system.constants, default_values(system.constants)));
    CHECK_NOTHROW(check_values(system.name, system.sampling, default_values(system.sampling)));
  }
}

TEST_CASE("a constant outside its interval, missing or NaN is refused by name", "[sim][system]") {
  const System& system = find_system("damped-pendulum");
  const auto check = [&](double gamma) {
    check_values(system.name, system.constants, test::constants_with(system, {{"gamma", gamma}}));
  };
  CHECK_THROWS_WITH(check(-0.1), "damped-pendulum: gamma = -0.1 lies outside [0.0, 10.0]");
  CHECK_THROWS_AS(check(NAN), base::UsageError);
  CHECK_THROWS_AS(check_values(system.name, system.constants, {}), base::UsageError);
}

TEST_CASE("the equations of motion obey the law of every invariant", "[sim][system]") {
  for (const System& system : all_systems()) {
    const auto constants = default_values(system.constants);
    const auto starts = test::default_starts(system, 20);
    const std::size_t dimension = system.dimension();
    for (std::size_t i = 0; i < 20; ++i) {
      const std::vector<double> state(&starts[i * dimension], &starts[i * dimension] + dimension);
      const auto rate = rate_of(system, state);
      REQUIRE(norm(rate) > 0.01);
      for (const Invariant& invariant : system.invariants) {
        INFO(system.name << ": " << invariant.name);
        const auto slope = gradient(invariant, state, constants);
        REQUIRE(norm(slope) > 1e-3);
        double change = 0;
        for (std::size_t d = 0; d < dimension; ++d) change += slope[d] * rate[d];
        // atoms at a wall have large forces, and larger third derivatives
        const double bar = difference_tolerance * std::max(1.0, norm(rate));
        if (invariant.law == Law::conserved) CHECK(std::abs(change) < bar);
        if (invariant.law == Law::dissipated) CHECK(change < difference_tolerance);
      }
    }
  }
}

TEST_CASE("canonical systems are the symplectic gradient of their energy", "[sim][system]") {
  for (const char* name : {"spring", "pendulum", "double-pendulum", "henon-heiles", "duffing",
                           "oscillator-2d", "spring-ring", "matching-pennies"}) {
    INFO(name);
    const System& system = find_system(name);
    const auto starts = test::default_starts(system, 20);
    const std::size_t dimension = system.dimension();
    const std::size_t half = dimension / 2;
    for (std::size_t i = 0; i < 20; ++i) {
      const std::vector<double> state(&starts[i * dimension], &starts[i * dimension] + dimension);
      const auto rate = rate_of(system, state);
      const auto slope = gradient(system.invariants[0], state, default_values(system.constants));
      for (std::size_t d = 0; d < half; ++d) {
        CHECK(rate[d] == Approx(slope[half + d]).margin(difference_tolerance));
        CHECK(rate[half + d] == Approx(-slope[d]).margin(difference_tolerance));
      }
    }
  }
}

TEST_CASE("default trajectories keep every invariant within its stated tolerance",
          "[sim][system]") {
  constexpr std::int64_t count = 64;
  for (const System& system : all_systems()) {
    const auto constants = default_values(system.constants);
    const auto times = test::default_times(system);
    const auto states = integrate_many(system, constants, test::default_starts(system, count),
                                       times, test::default_integration(system));
    const std::size_t dimension = system.dimension();
    for (const Invariant& invariant : system.invariants) {
      double worst = 0;
      for (std::size_t i = 0; i < count; ++i) {
        std::vector<double> values;
        for (std::size_t n = 0; n < times.size(); ++n) {
          const double* state = &states[(i * times.size() + n) * dimension];
          values.push_back(invariant.value({state, dimension}, constants));
        }
        for (std::size_t n = 1; n < values.size(); ++n) {
          worst = std::max(worst, invariant.law == Law::conserved ? std::abs(values[n] - values[0])
                                                                  : values[n] - values[n - 1]);
        }
      }
      INFO(system.name << ": " << invariant.name << " is violated by " << worst);
      CHECK(worst <= invariant.tolerance);
    }
  }
}

}  // namespace noether::sim
