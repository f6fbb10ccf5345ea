#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "learn/discovery/library/library.h"
#include "tests/learn/discovery/flows.h"
#include "tests/learn/discovery/motions.h"

namespace noether::learn::symbolic {
namespace {

std::vector<std::optional<Unit>> units(const std::vector<std::string>& texts) {
  std::vector<std::optional<Unit>> result;
  for (const std::string& text : texts) result.push_back(parse_unit(text));
  return result;
}

std::set<std::string> printed(const Library& library, const std::vector<std::string>& names) {
  std::set<std::string> result;
  for (const Expression& feature : library.features) result.insert(print(feature, names));
  return result;
}

// x and y fall freely, one each.
Trajectories two_balls() {
  const auto field = [](const test::Point& s) { return test::Point{s[2], s[3], 0, -1}; };
  return test::flow({"x", "y", "vx", "vy"}, {{0, 1, 1, 2}, {1, 0, -1, 3}}, field, 8, 0.1);
}

}  // namespace

TEST_CASE("the library of a pendulum has its momentum's powers times sin and cos of its angle",
          "[learn][symbolic]") {
  const Trajectories data = test::spring(2, 1);
  const Library library = feature_library(data, units({"rad", "kg"}));
  CHECK(printed(library, data.coordinates) == std::set<std::string>{"p", "p^2", "sin(q)", "cos(q)",
                                                                    "p sin(q)", "p cos(q)",
                                                                    "p^2 sin(q)", "p^2 cos(q)"});
}

TEST_CASE("a velocity is known by the data and is no coordinate of a point", "[learn][symbolic]") {
  const Trajectories data = two_balls();
  CHECK(rate_of(data) == std::vector<int>{-1, -1, 0, 1});
  const auto names = printed(feature_library(data, units({"1", "1", "1", "1"})), data.coordinates);
  CHECK(names.contains("sqrt(x^2 + y^2)"));
  CHECK_FALSE(names.contains("sqrt(vx^2 + vy^2)"));
  CHECK(names.contains("x vy"));
}

TEST_CASE("four like coordinates are paired to points in every way", "[learn][symbolic]") {
  Trajectories data = two_balls();
  data.dx_dt[0][0] += 1;  // no coordinate is the rate of another
  data.dx_dt[1][0] += 1;
  const auto names = printed(feature_library(data, units({"m", "m", "m", "m"})), data.coordinates);
  CHECK(names.contains("sqrt((x - vx)^2 + (y - vy)^2)"));
  CHECK(names.contains("sqrt((x - y)^2 + (vx - vy)^2)"));
  CHECK(names.contains("1 / sqrt((x - vy)^2 + (y - vx)^2)"));
}

TEST_CASE("features are distinct and simplest first", "[learn][symbolic]") {
  const Trajectories data = two_balls();
  for (const auto& unit : {units({"1", "1", "1", "1"}), units({"rad", "rad", "", "m"})}) {
    const Library library = feature_library(data, unit, {.degree = 3});
    CHECK(
        std::ranges::is_sorted(library.features, {}, [](const Expression& e) { return e.size(); }));
    CHECK(printed(library, data.coordinates).size() == library.features.size());
  }
}

TEST_CASE("a library that is too large is not made, but one of a lower degree",
          "[learn][symbolic]") {
  const Trajectories data = two_balls();
  const auto plain = units({"1", "1", "1", "1"});
  CHECK(feature_library(data, plain, {.degree = 60}).features.empty());
  const LibraryOptions fits = fitting(data, plain, {.degree = 60});
  CHECK(fits.degree == 6);  // 210 monomials; of the seventh degree there would be 330
  CHECK(library_size(data, plain, fits) == feature_library(data, plain, fits).features.size());
}

TEST_CASE("where distances are too many, the library keeps what is linear", "[learn][symbolic]") {
  const Trajectories data = two_balls();
  const auto plain = units({"1", "1", "1", "1"});
  const LibraryOptions fits = fitting(data, plain, {.max_features = 5});
  CHECK(fits.degree == 1);
  CHECK_FALSE(fits.distances);
  CHECK(printed(feature_library(data, plain, fits), data.coordinates) ==
        std::set<std::string>{"x", "y", "vx", "vy"});
  CHECK(fitting(data, plain, {.max_features = 6}).distances);
}

TEST_CASE("a coordinate of unknown unit is a scalar, and an angle where this is asked",
          "[learn][symbolic]") {
  const Trajectories data = test::spring(2, 1);
  const auto unknown = units({"", ""});
  CHECK(printed(feature_library(data, unknown), data.coordinates) ==
        std::set<std::string>{"q", "p", "q^2", "p^2", "q p", "sqrt(q^2 + p^2)",
                              "1 / sqrt(q^2 + p^2)"});
  const Library turned = feature_library(data, unknown, {.unknown_angles = true});
  CHECK(printed(turned, data.coordinates).contains("p^2 cos(q)"));
  CHECK(turned.features.size() == library_size(data, unknown, {.unknown_angles = true}));
  // where that would be too many, sines multiply less
  const LibraryOptions few{.unknown_angles = true, .max_features = 20};
  const auto names = printed(feature_library(data, unknown, few), data.coordinates);
  CHECK(names.contains("cos(q - p)"));
  CHECK_FALSE(names.contains("p cos(q)"));
  CHECK(names.size() == library_size(data, unknown, few));
}

TEST_CASE("logarithms are of what is positive on all data", "[learn][symbolic]") {
  Trajectories data = test::spring(3, 1);
  for (double& q : data.x[0]) q += 2;
  const auto names =
      printed(feature_library(data, units({"m", "m"}), {.logarithms = true}), data.coordinates);
  CHECK(names.contains("log(q)"));
  CHECK_FALSE(names.contains("log(p)"));
  CHECK(names.contains("log(q^2 + p^2)"));
}

}  // namespace noether::learn::symbolic
