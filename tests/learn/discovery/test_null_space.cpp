#include "learn/discovery/library/null_space.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "tests/learn/discovery/laws.h"
#include "tests/learn/discovery/motions.h"

namespace noether::learn::symbolic {
namespace {

using test::formulas;
using test::Point;
using test::stream;
using test::units;

const std::vector<std::optional<Unit>>& two_body_units() {
  static const auto result = units({"1", "1", "1", "1", "1/s", "1/s", "1/s", "1/s"});
  return result;
}

}  // namespace

TEST_CASE("the energies of spring and pendulum are their only laws", "[learn][symbolic]") {
  const Trajectories spring = test::spring(25, 1);
  const IndependentLaws of_spring = independent_laws(spring, units({"1", "1"}));
  CHECK(formulas(of_spring, spring.coordinates) == std::vector<std::string>{"q^2 + p^2"});
  CHECK(of_spring.laws.at(0).rms_sine < 1e-10);

  const Trajectories pendulum = test::pendulum(25, 1);
  const IndependentLaws of_pendulum = independent_laws(pendulum, units({"rad", "1"}));
  CHECK(formulas(of_pendulum, pendulum.coordinates) == std::vector<std::string>{"p^2 - 3 cos(q)"});
  CHECK(of_pendulum.constants.empty());
}

TEST_CASE("with friction a pendulum has no law", "[learn][symbolic]") {
  const IndependentLaws found = independent_laws(test::pendulum(25, 1, 0.02), units({"rad", "1"}));
  CHECK(found.laws.empty());
  CHECK(found.least_rms_sine > 1e-3);
}

TEST_CASE("two bodies about their common centre have energy and angular momentum apart",
          "[learn][symbolic]") {
  const Trajectories data = test::two_body(1, 0);
  const IndependentLaws found = independent_laws(data, two_body_units());
  CHECK(formulas(found, data.coordinates) ==
        std::vector<std::string>{"x1 vy1 - y1 vx1", "vx1^2 + vy1^2 - 0.5 / sqrt(x1^2 + y1^2)"});
  for (const LinearLaw& law : found.laws) CHECK(law.rms_sine < 1e-10);
  std::vector<std::string> constants;
  for (const Expression& e : found.constants) constants.push_back(print(e, data.coordinates));
  CHECK(constants == std::vector<std::string>{"x2 + x1", "y2 + y1", "vx2 + vx1", "vy2 + vy1"});
}

TEST_CASE("two bodies that drift have five laws", "[learn][symbolic]") {
  const Trajectories data = test::two_body(1, 0.3);
  const IndependentLaws found = independent_laws(data, two_body_units());
  const auto names = formulas(found, data.coordinates);
  CAPTURE(names);
  CHECK(found.laws.size() == 5);
  CHECK(found.constants.empty());
  CHECK(std::ranges::find(names, "vx1 + vx2") != names.end());
  CHECK(std::ranges::find(names, "vy1 + vy2") != names.end());
  for (const LinearLaw& law : found.laws) CHECK(law.rms_sine < 1e-9);
}

TEST_CASE("a constraint on all data is a constant, and no law", "[learn][symbolic]") {
  // a turning point on the unit circle, and a free one beside it
  const auto field = [](const Point& s) { return Point{-s[1], s[0], s[3], -s[2]}; };
  std::vector<Point> starts;
  for (std::uint64_t k = 0; k < 20; ++k) {
    base::RandomStream random = stream(3, k);
    const double angle = random.uniform(0, 6.3);
    starts.push_back({std::cos(angle), std::sin(angle), random.normal(), random.normal()});
  }
  const Trajectories data = test::flow({"x", "y", "q", "p"}, starts, field, 30, 0.1);
  const IndependentLaws found = independent_laws(data, units({"m", "m", "kg", "s"}));
  REQUIRE(found.constants.size() == 1);
  CHECK(print(found.constants[0], data.coordinates) == "x^2 + y^2");
  const auto names = formulas(found, data.coordinates);
  CHECK(std::ranges::find(names, "q^2 + p^2") != names.end());
  CHECK(std::ranges::find(names, "x^2 + y^2") == names.end());
  // on three dimensions two laws at most: the phase between the two is the other
  CHECK(found.laws.size() == 2);
}

TEST_CASE("offsets of the states are found with the laws", "[learn][symbolic]") {
  const Trajectories pendulum = test::with_offsets(test::pendulum(25, 1), 0.015, 1);
  const IndependentLaws found = independent_laws(pendulum, units({"rad", "1"}));
  CHECK(formulas(found, pendulum.coordinates) == std::vector<std::string>{"p^2 - 3 cos(q)"});

  const Trajectories damped = test::with_offsets(test::pendulum(25, 1, 0.02), 0.015, 1);
  CHECK(independent_laws(damped, units({"rad", "1"})).laws.empty());
}

TEST_CASE("the laws of two bodies are found from noisy states", "[learn][symbolic]") {
  // what is left of noise of 0.05 after fifty points
  const Trajectories data = test::with_offsets(test::two_body(1, 0), 0.007, 1);
  const IndependentLaws found = independent_laws(data, two_body_units());
  CAPTURE(formulas(found, data.coordinates));
  REQUIRE(found.laws.size() == 2);
  CHECK(found.constants.size() == 4);
  for (const LinearLaw& law : found.laws) CHECK(law.rms_sine < 1e-4);
}

TEST_CASE("the same laws whatever the units of length", "[learn][symbolic]") {
  Trajectories data = test::pendulum(25, 1);
  for (auto* column : {&data.x[1], &data.dx_dt[1]}) {
    for (double& value : *column) value *= 1e6;
  }
  const IndependentLaws found = independent_laws(data, units({"rad", "1"}));
  REQUIRE(found.laws.size() == 1);
  CHECK(found.laws[0].rms_sine < 1e-10);
}

TEST_CASE("data that cannot hold a law are refused or have none", "[learn][symbolic]") {
  Trajectories data = test::spring(2, 1);
  for (auto& column : data.dx_dt) std::ranges::fill(column, 0.0);
  CHECK_THROWS_AS(independent_laws(data, units({"1", "1"})), base::DataError);
  data = test::spring(1, 1);
  for (auto* columns : {&data.x, &data.dx_dt}) {
    for (auto& column : *columns) column.resize(2);
  }
  data.samples = 2;
  CHECK(independent_laws(data, units({"1", "1"})).laws.empty());
  data.x[0][1] = std::nan("");
  CHECK_THROWS_AS(independent_laws(data, units({"1", "1"})), base::DataError);
}

}  // namespace noether::learn::symbolic
