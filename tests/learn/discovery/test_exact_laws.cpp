#include "learn/discovery/library/exact_laws.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/learn/discovery/laws.h"
#include "tests/learn/discovery/motions.h"

namespace noether::learn::symbolic {

using test::formulas;
using test::Point;
using test::scaled;
using test::starts_in;
using test::stream;
using test::units;

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

TEST_CASE("where all functions of the library stand still, there is no law", "[learn][symbolic]") {
  // rates of 1e-20 beside states of 1e-10: their squares do not move the metric
  Trajectories data = test::spring(25, 1);
  for (auto& column : data.x) std::ranges::fill(column, 1e-10);
  data.x[0][0] = 2e-10;
  for (auto& column : data.dx_dt) {
    for (double& rate : column) rate *= 1e-30;
  }
  CHECK(independent_laws(data, units({"", ""})).laws.empty());
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

}  // namespace noether::learn::symbolic
