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

// The same motion with each coordinate x as e^x, which is positive.
Trajectories exponential(Trajectories data) {
  for (std::size_t d = 0; d < data.x.size(); ++d) {
    for (std::size_t i = 0; i < data.x[d].size(); ++i) {
      data.x[d][i] = std::exp(data.x[d][i]);
      data.dx_dt[d][i] *= data.x[d][i];
    }
  }
  return data;
}

Trajectories scaled(Trajectories data, const std::vector<double>& factors) {
  for (auto* columns : {&data.x, &data.dx_dt}) {
    for (std::size_t d = 0; d < columns->size(); ++d) {
      for (double& value : (*columns)[d]) value *= factors[d];
    }
  }
  return data;
}

// 25 starts with each coordinate in [low, high].
std::vector<Point> starts_in(std::size_t dimension, double low, double high, std::uint64_t seed) {
  std::vector<Point> starts;
  for (std::uint64_t k = 0; k < 25; ++k) {
    base::RandomStream random = stream(seed, k);
    starts.push_back({});
    for (std::size_t d = 0; d < dimension; ++d) starts.back().push_back(random.uniform(low, high));
  }
  return starts;
}

// 25 systems in 2 to 4 dimensions, as system(seed, dimension) makes them: no law is claimed.
template <class System>
void check_no_claims(System system, const std::string& unit = "1") {
  double least_sine = 1;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const std::size_t dimension = 2 + seed % 3;
    const Trajectories data = system(seed, dimension);
    const IndependentLaws found =
        independent_laws(data, units(std::vector<std::string>(dimension, unit)));
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

TEST_CASE("predators and prey have a law with logarithms, with units and without",
          "[learn][symbolic]") {
  const auto field = [](const Point& s) {
    return Point{1.1 * s[0] - 0.4 * s[0] * s[1], 0.1 * s[0] * s[1] - 0.4 * s[1]};
  };
  const Trajectories data = test::flow({"x", "y"}, starts_in(2, 1, 8, 5), field, 50, 0.2);
  for (const std::string unit : {"", "1"}) {
    CHECK(formulas(independent_laws(data, units({unit, unit})), data.coordinates) ==
          std::vector<std::string>{"x + 4 y - 4 log(x) - 11 log(y)"});
  }
}

TEST_CASE("the energy of Toda's lattice has exponentials, whatever the unit of length",
          "[learn][symbolic]") {
  const auto field = [](const Point& s) {
    Point rate{s[3], s[4], s[5], 0, 0, 0};
    for (std::size_t i = 0; i < 3; ++i) {
      const double force = std::exp(s[i] - s[(i + 1) % 3]);
      rate[3 + i] -= force;
      rate[3 + (i + 1) % 3] += force;
    }
    return rate;
  };
  const Trajectories data =
      test::flow({"q1", "q2", "q3", "p1", "p2", "p3"}, starts_in(6, -1, 1, 6), field, 40, 0.15);
  const auto lengths = units({"m", "m", "m", "m/s", "m/s", "m/s"});
  CHECK(
      formulas(independent_laws(data, lengths), data.coordinates) ==
      std::vector<std::string>{
          "p1 + p2 + p3", "p1^2 + p2^2 + p3^2 + 2 exp(q1 - q2) + 2 exp(q3 - q1) + 2 exp(q2 - q3)"});
  const Trajectories small = scaled(data, std::vector<double>(6, 0.125));
  CHECK(
      formulas(independent_laws(small, lengths), data.coordinates) ==
      std::vector<std::string>{"p1 + p2 + p3",
                               "32 p1^2 + 32 p2^2 + 32 p3^2 + exp(8 (q1 - q2)) + exp(8 (q3 - q1)) "
                               "+ exp(8 (q2 - q3))"});
}

TEST_CASE("where units are unknown, laws are the same at any scale", "[learn][symbolic]") {
  const auto rigid_body = [](const Point& w) {
    return Point{-1.5 * w[1] * w[2], 1.25 * w[2] * w[0], -w[0] * w[1] / 3.5};
  };
  const Trajectories body =
      test::flow({"w1", "w2", "w3"}, starts_in(3, -1, 1, 7), rigid_body, 50, 0.2);
  for (const double scale : {1.0, 1e-4, 1e-10, 1e6}) {
    CAPTURE(scale);
    const Trajectories spring = scaled(test::spring(25, 1), {scale, scale});
    CHECK(formulas(independent_laws(spring, units({"", ""})), spring.coordinates) ==
          std::vector<std::string>{"q^2 + p^2"});
    CHECK(formulas(independent_laws(scaled(body, {scale, scale, scale}), units({"", "", ""})),
                   body.coordinates) ==
          std::vector<std::string>{"w1^2 - 5.25 w3^2", "w1^2 + 1.2 w2^2"});
  }
  const Trajectories stiff = scaled(test::spring(25, 1), {1e-6, 1e3});
  CHECK(formulas(independent_laws(stiff, units({"", ""})), stiff.coordinates) ==
        std::vector<std::string>{"q^2 + 1e-18 p^2"});
}

TEST_CASE("four coordinates of unknown units have their laws", "[learn][symbolic]") {
  const auto kepler = [](const Point& s) {
    const double cube = std::pow(std::hypot(s[0], s[1]), 3);
    return Point{s[2], s[3], -s[0] / cube, -s[1] / cube};
  };
  std::vector<Point> starts;
  for (std::uint64_t k = 0; k < 25; ++k) {
    base::RandomStream random = stream(8, k);
    const double angle = random.uniform(0, 6.3), speed = random.uniform(0.8, 1.2);
    starts.push_back(
        {std::cos(angle), std::sin(angle), -speed * std::sin(angle), speed * std::cos(angle)});
  }
  const Trajectories data = test::flow({"q1", "q2", "p1", "p2"}, starts, kepler, 50, 0.1);
  CHECK(formulas(independent_laws(data, units({"", "", "", ""})), data.coordinates) ==
        std::vector<std::string>{"q1 p2 - q2 p1", "p1^2 + p2^2 - 2 / sqrt(q1^2 + q2^2)"});
}

TEST_CASE("of an angle of unknown unit the cosine is found, not its polynomial",
          "[learn][symbolic]") {
  for (const double largest : {2.0, 0.05}) {
    const auto field = [](const Point& s) { return Point{2 * s[1], -3 * std::sin(s[0])}; };
    const Trajectories data =
        test::flow({"q", "p"}, starts_in(2, -largest, largest, 9), field, 45, 0.07);
    CAPTURE(largest);
    CHECK(formulas(independent_laws(data, units({"", ""})), data.coordinates) ==
          std::vector<std::string>{"p^2 - 3 cos(q)"});
  }
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

TEST_CASE("of random motions of unknown units none is said to have a law",
          "[learn][symbolic][slow]") {
  check_no_claims(random_walk, "");
  check_no_claims(random_field, "");
}

TEST_CASE("of random motions of positive coordinates none is said to have a law",
          "[learn][symbolic][slow]") {
  check_no_claims([](std::uint64_t seed, std::size_t dimension) {
    return exponential(random_field(seed, dimension));
  });
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
