#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>

#include "base/error.h"
#include "base/random.h"
#include "learn/discovery/library/null_space.h"
#include "tests/learn/discovery/flows.h"
#include "tests/learn/discovery/motions.h"

namespace noether::learn::symbolic {
namespace {

using test::Point;

std::vector<std::optional<Unit>> units(const std::vector<std::string>& texts) {
  std::vector<std::optional<Unit>> result;
  for (const std::string& text : texts) result.push_back(parse_unit(text));
  return result;
}

base::RandomStream stream(std::uint64_t seed, std::uint64_t index) {
  return {seed, base::Purpose::initial_state, index};
}

std::vector<std::string> formulas(const IndependentLaws& laws,
                                  const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const LinearLaw& law : laws.laws) result.push_back(print(law.formula, names));
  return result;
}

const std::vector<std::optional<Unit>>& two_body_units() {
  static const auto result = units({"1", "1", "1", "1", "1/s", "1/s", "1/s", "1/s"});
  return result;
}

// Random walks of unit steps, with central differences as derivatives.
Trajectories random_walk(std::uint64_t seed, std::size_t dimension) {
  Trajectories result{.count = 25, .samples = 50, .x = {}, .dx_dt = {}};
  for (std::size_t d = 0; d < dimension; ++d) {
    result.coordinates.push_back(std::string(1, static_cast<char>('w' + d)));
    base::RandomStream random = stream(seed, d);
    std::vector<double> x, v;
    for (int k = 0; k < 25; ++k) {
      std::vector<double> walk{random.normal()};
      for (int i = 0; i < 51; ++i) walk.push_back(walk.back() + random.normal());
      for (std::size_t i = 1; i <= 50; ++i) {
        x.push_back(walk[i]);
        v.push_back((walk[i + 1] - walk[i - 1]) / 2);
      }
    }
    result.x.push_back(x);
    result.dx_dt.push_back(v);
  }
  return result;
}

// x' = A x + tanh(B x) - c x^3 in 2 to 4 dimensions, A a damped or driven rotation and more: no
// first integral, and the cubic term keeps trajectories bounded.
Trajectories random_field(std::uint64_t seed, std::size_t dimension) {
  base::RandomStream random = stream(seed, 1000);
  std::vector<Point> A(dimension, Point(dimension)), B = A;
  for (std::size_t i = 0; i < dimension; ++i) {
    for (std::size_t j = 0; j < dimension; ++j) {
      A[i][j] = random.normal();
      B[i][j] = random.normal();
    }
  }
  const auto field = [&](const Point& x) {
    Point rate(dimension);
    for (std::size_t i = 0; i < dimension; ++i) {
      double inner = 0;
      for (std::size_t j = 0; j < dimension; ++j) {
        rate[i] += A[i][j] * x[j];
        inner += B[i][j] * x[j];
      }
      rate[i] += std::tanh(inner) - 0.3 * std::pow(x[i], 3);
    }
    return rate;
  };
  std::vector<Point> starts(25, Point(dimension));
  for (Point& start : starts) {
    for (double& x : start) x = random.uniform(-2.0, 2.0);
  }
  std::vector<std::string> names;
  for (std::size_t d = 0; d < dimension; ++d)
    names.push_back(std::string(1, static_cast<char>('w' + d)));
  return test::flow(names, starts, field, 50, 0.05);
}

// 25 systems in 2 to 4 dimensions, as system(seed, dimension) makes them: no law is claimed.
template <class System>
void check_no_claims(System system) {
  double least_sine = 1;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const std::size_t dimension = 2 + seed % 3;
    const Trajectories data = system(seed, dimension);
    const IndependentLaws found =
        independent_laws(data, units(std::vector<std::string>(dimension, "1")));
    least_sine = std::min(least_sine, found.least_rms_sine);
    INFO("seed " << seed);
    CHECK(formulas(found, data.coordinates) == std::vector<std::string>{});
  }
  std::cout << "least rms sine of 25 systems without a law: " << least_sine << '\n';
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

TEST_CASE("energies of third and fourth degree are found", "[learn][symbolic]") {
  // Henon and Heiles: V = (x^2 + y^2) / 2 + x^2 y - y^3 / 3
  const auto henon_heiles = [](const Point& s) {
    return Point{s[2], s[3], -s[0] - 2 * s[0] * s[1], -s[1] - s[0] * s[0] + s[1] * s[1]};
  };
  // Duffing: V = q^2 / 2 + q^4 / 4
  const auto duffing = [](const Point& s) { return Point{s[1], -s[0] - std::pow(s[0], 3)}; };
  std::vector<Point> four, two;
  for (std::uint64_t k = 0; k < 25; ++k) {
    base::RandomStream random = stream(4, k);
    four.push_back({});
    for (int d = 0; d < 4; ++d) four.back().push_back(random.uniform(-0.3, 0.3));
    two.push_back({random.uniform(-1.5, 1.5), random.uniform(-1.5, 1.5)});
  }
  const Trajectories of_four = test::flow({"x", "y", "vx", "vy"}, four, henon_heiles, 50, 0.2);
  CHECK(formulas(independent_laws(of_four, units({"1", "1", "1/s", "1/s"})), of_four.coordinates) ==
        std::vector<std::string>{"y^3 - 1.5 x^2 - 1.5 y^2 - 1.5 vx^2 - 1.5 vy^2 - 3 x^2 y"});
  const Trajectories of_two = test::flow({"q", "p"}, two, duffing, 50, 0.2);
  CHECK(formulas(independent_laws(of_two, units({"1", "1"})), of_two.coordinates) ==
        std::vector<std::string>{"q^2 + p^2 + 0.5 q^4"});
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

TEST_CASE("of random walks none is said to have a law", "[learn][symbolic][slow]") {
  check_no_claims(random_walk);
}

TEST_CASE("of random fields none is said to have a law", "[learn][symbolic][slow]") {
  check_no_claims(random_field);
}

TEST_CASE("of random walks with offsets none is said to have a law", "[learn][symbolic][slow]") {
  check_no_claims([](std::uint64_t seed, std::size_t dimension) {
    return test::with_offsets(random_walk(seed, dimension), 0.02, seed);
  });
}

TEST_CASE("of random fields with offsets none is said to have a law", "[learn][symbolic][slow]") {
  check_no_claims([](std::uint64_t seed, std::size_t dimension) {
    return test::with_offsets(random_field(seed, dimension), 0.02, seed);
  });
}

}  // namespace noether::learn::symbolic
