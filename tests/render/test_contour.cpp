#include "render/plots/contour.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace noether::render {
namespace {

double squared_radius(double x, double y) { return x * x + y * y; }

double length(const std::vector<Segment>& segments) {
  double sum = 0;
  for (const auto& [from, to] : segments) sum += std::hypot(to.x - from.x, to.y - from.y);
  return sum;
}

// The length of the circle of radius 1 and the largest distance of its points from it.
struct Circle {
  double length = 0;
  double error = 0;
};
Circle unit_circle(int samples) {
  const auto segments =
      contour(sample({-1.5, 1.5}, {-1.5, 1.5}, samples, samples, squared_radius), 1);
  Circle circle{length(segments), 0};
  for (const auto& [from, to] : segments) {
    for (const Point& p : {from, to})
      circle.error = std::max(circle.error, std::abs(std::hypot(p.x, p.y) - 1));
  }
  return circle;
}

}  // namespace

TEST_CASE("a contour of the squared radius is a circle, to second order in the spacing",
          "[render][contour]") {
  const Circle coarse = unit_circle(41), fine = unit_circle(81);
  CHECK(fine.length == Approx(2 * std::acos(-1.0)).epsilon(1e-3));
  CHECK(fine.error < 3e-4);
  CHECK(fine.error < coarse.error / 3);
}

TEST_CASE("a level that is never reached has no contour", "[render][contour]") {
  CHECK(contour(sample({-1, 1}, {-1, 1}, 11, 11, squared_radius), 5).empty());
}

TEST_CASE("both branches of a saddle are drawn", "[render][contour]") {
  const auto segments =
      contour(sample({-1, 1}, {-1, 1}, 21, 21, [](double x, double y) { return x * y; }), 0.001);
  int left = 0, right = 0;
  for (const auto& [from, to] : segments) (from.x < 0 ? left : right) += 1;
  CHECK(left > 10);
  CHECK(right > 10);
}

TEST_CASE("cells with a value that is not finite are left empty", "[render][contour]") {
  const auto segments =
      contour(sample({-1, 1}, {0, 1}, 20, 20,
                     [](double x, double y) {
                       return x < 0 ? std::numeric_limits<double>::quiet_NaN() : y - 0.5;
                     }),
              0);
  REQUIRE_FALSE(segments.empty());
  for (const auto& [from, to] : segments) CHECK(from.x > 0);
}

}  // namespace noether::render
