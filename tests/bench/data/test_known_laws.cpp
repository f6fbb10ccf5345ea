#include "bench/data/known_laws.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "sim/system.h"

namespace noether::bench {
namespace {

using learn::Tensor;

// Starts of the system's dataset, moved off what they have in common, such as a centre of mass.
std::vector<std::vector<double>> states_of(const sim::System& system) {
  std::vector<std::vector<double>> states;
  for (std::uint64_t i = 0; i < 20; ++i) {
    base::RandomStream random(3, base::Purpose::initial_state, i);
    states.push_back(system.sample_initial_state(random, sim::default_values(system.sampling),
                                                 sim::default_values(system.constants)));
    for (double& value : states.back()) value += random.uniform(-0.2, 0.2);
  }
  return states;
}

}  // namespace

TEST_CASE("the laws as formulas are the invariants of the systems", "[bench][laws]") {
  for (const std::string name : {"spring", "pendulum", "two-body", "double-pendulum"}) {
    CAPTURE(name);
    const sim::System& system = sim::find_system(name);
    std::vector<std::string> coordinates;
    for (const auto& coordinate : system.coordinates) coordinates.push_back(coordinate.name);
    const auto laws = known_laws(name);
    const learn::Quantity g = quantity_of(laws, coordinates);
    REQUIRE(laws.front().name == "energy");
    for (const auto& state : states_of(system)) {
      const auto d = static_cast<std::int64_t>(state.size());
      const auto values = g({}, Tensor::from<double>(state, {1, d})).to_vector();
      REQUIRE(values.size() == laws.size());
      for (std::size_t i = 0; i < laws.size(); ++i) {
        const auto law = std::ranges::find(system.invariants, laws[i].name, &sim::Invariant::name);
        REQUIRE(law != system.invariants.end());
        CHECK(law->law == sim::Law::conserved);
        // a dozen roundings of values below 30
        CHECK(values[i] ==
              Approx(law->value(state, sim::default_values(system.constants))).margin(1e-12));
      }
    }
  }
  CHECK(known_laws("two-body").size() == 2);
}

TEST_CASE("a system without a conserved energy has no known laws", "[bench][laws]") {
  CHECK_THROWS_WITH(known_laws("damped-pendulum"),
                    "the energy of 'damped-pendulum' is not conserved");
  CHECK_THROWS_WITH(known_laws("light-ray"), "'light-ray' has no energy");
  CHECK_THROWS_AS(known_laws("sprig"), base::UsageError);
  CHECK_THROWS_WITH(quantity_of({{"energy", "q^2 + w"}}, {"q", "p"}),
                    Catch::StartsWith("the law 'energy': "));
}

}  // namespace noether::bench
