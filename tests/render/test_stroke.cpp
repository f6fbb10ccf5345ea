#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>

#include "base/random.h"
#include "render/stroke.h"

namespace noether::render {
namespace {

constexpr int size_px = 12;

Image blank() { return {size_px, size_px, std::vector<std::uint8_t>(size_px * size_px * 3, 0)}; }

double distance(const Stroke& stroke, double x, double y) {
  const double dx = stroke.to.x - stroke.from.x, dy = stroke.to.y - stroke.from.y;
  const double square = dx * dx + dy * dy;
  const double along =
      square == 0 ? 0 : ((x - stroke.from.x) * dx + (y - stroke.from.y) * dy) / square;
  const double t = std::min(1.0, std::max(0.0, along));
  return std::hypot(x - stroke.from.x - t * dx, y - stroke.from.y - t * dy);
}

// the share of a pixel by 100 x 100 points, each within or not
double sampled_share(const Stroke& stroke, int column, int row) {
  constexpr int n = 100;
  int within = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j)
      within += distance(stroke, column + (i + 0.5) / n, row + (j + 0.5) / n) <= stroke.radius;
  }
  return within / static_cast<double>(n * n);
}

// the largest and the mean difference of painted white on black from the sampled shares
struct Errors {
  double largest = 0;
  double mean = 0;
  double painted = 0;  // pixels' worth
};

Errors errors_of(const Stroke& stroke) {
  Image image = blank();
  StrokePainter().paint(image, stroke, {255, 255, 255});
  Errors errors;
  for (int row = 0; row < size_px; ++row) {
    for (int column = 0; column < size_px; ++column) {
      const double share =
          image.rgb[static_cast<std::size_t>((row * size_px + column) * 3)] / 255.0;
      const double error = std::abs(share - sampled_share(stroke, column, row));
      errors.largest = std::max(errors.largest, error);
      errors.mean += error / (size_px * size_px);
      errors.painted += share;
    }
  }
  return errors;
}

// half a row, 1/32, then rounding to a byte, 1/510, and the error of the samples, about 1/200
constexpr double bar = 1 / 32.0 + 1 / 510.0 + 1 / 200.0;

Stroke random_stroke(std::uint64_t index, bool is_disc) {
  base::RandomStream random(3, base::Purpose::initial_state, index);
  const auto place = [&] { return Point{random.uniform(-2, 14), random.uniform(-2, 14)}; };
  const Point from = place();
  return {.from = from, .to = is_disc ? from : place(), .radius = random.uniform(0.1, 4)};
}

}  // namespace

TEST_CASE("discs and lines cover of each pixel what a hundred by hundred points say",
          "[render][stroke]") {
  double mean = 0, painted = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Errors errors = errors_of(random_stroke(i, i % 2 == 0));
    CHECK(errors.largest < bar);
    mean += errors.mean / 60;
    painted += errors.painted;
  }
  // most pixels are covered as a whole or not at all
  CHECK(mean < 0.002);
  CHECK(painted > 600);
}

TEST_CASE("level and upright lines, thin ones and those on a pixel's edge are no special cases",
          "[render][stroke]") {
  for (const Stroke& stroke : {Stroke{{2, 6}, {10, 6}, 1.5}, Stroke{{6, 2}, {6, 10}, 1.5},
                               Stroke{{2.3, 6.1}, {9.7, 6.1}, 0.05}, Stroke{{5, 5}, {5, 5}, 1},
                               Stroke{{2, 6}, {10, 6 + 1e-300}, 1.5}}) {
    const Errors errors = errors_of(stroke);
    CHECK(errors.largest < bar);
    CHECK(errors.painted > 0.4);
  }
}

TEST_CASE("a pixel moves towards the color by opacity times its share", "[render][stroke]") {
  Image image = blank();
  StrokePainter().paint(image, {.from = {6, 6}, .to = {6, 6}, .radius = 4}, {200, 100, 0}, 0.5);
  const std::size_t middle = (6 * size_px + 6) * 3;
  CHECK(image.rgb[middle] == 100);
  CHECK(image.rgb[middle + 1] == 50);
  CHECK(image.rgb[middle + 2] == 0);
}

TEST_CASE("what lies outside of the image, or nowhere near, paints nothing", "[render][stroke]") {
  const Image untouched = blank();
  for (const Stroke& stroke : {Stroke{{-5, 6}, {-5, 6}, 4}, Stroke{{20, 20}, {40, 13.1}, 1},
                               Stroke{{1e300, 0}, {1e300, 5}, 2}, Stroke{{6, 6}, {6, 6}, 0}}) {
    Image image = blank();
    StrokePainter().paint(image, stroke, {255, 255, 255});
    CHECK(image == untouched);
  }
}

}  // namespace noether::render
