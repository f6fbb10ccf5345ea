#include "render/gym/pendulum_frame.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <random>

#include "base/error.h"
#include "render/gym/torque_arrow.h"

namespace noether::render {
namespace {

struct Extent {
  int left = 500, right = -1, top = 500, bottom = -1;
};

// The rows and columns of all pixels darker than white.
Extent extent(const Image& image) {
  Extent e;
  for (int y = 0; y < image.height_px; ++y) {
    for (int x = 0; x < image.width_px; ++x) {
      const auto at = static_cast<std::size_t>((y * image.width_px + x) * 3);
      if (image.rgb[at] == 255) continue;
      e = {std::min(e.left, x), std::max(e.right, x), std::min(e.top, y), std::max(e.bottom, y)};
    }
  }
  return e;
}

double ink(std::span<const std::uint8_t> rgb) {
  double sum = 0;
  for (const std::uint8_t value : rgb) sum += 255 - value;
  return sum;
}

struct Pose {
  double theta;
  std::optional<double> torque;
};

Pose random_pose(std::mt19937& random) {
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  Pose pose{40 * (uniform() - 0.5), {}};
  if (uniform() < 0.8) pose.torque = 4 * (uniform() - 0.5);
  return pose;
}

void check_fast_equals_plain(int size_px, int frames) {
  PendulumRenderer renderer(size_px);
  std::mt19937 random(7);
  for (int i = 0; i < frames; ++i) {
    const Pose pose = random_pose(random);
    const Image plain = area_average(pendulum_frame(pose.theta, pose.torque), size_px);
    CAPTURE(size_px, pose.theta, pose.torque.value_or(0));
    REQUIRE(std::ranges::equal(renderer.draw(pose.theta, pose.torque), plain.rgb));
  }
}

}  // namespace

TEST_CASE("the upright pendulum spans rows 125 to 260 and columns 238 to 261", "[render][frame]") {
  const Extent e = extent(pendulum_frame(0, {}));
  CHECK(e.top == 125);
  CHECK(e.bottom == 260);
  CHECK(e.left == 238);
  CHECK(e.right == 261);
}

TEST_CASE("a quarter turn points left, half a turn down", "[render][frame]") {
  const Extent left = extent(pendulum_frame(std::numbers::pi / 2, {}));
  CHECK(250 - left.left > 113);
  CHECK(left.right - 250 <= 12);
  const Extent down = extent(pendulum_frame(std::numbers::pi, {}));
  CHECK(down.bottom - 249 > 113);
  CHECK(249 - down.top <= 12);
}

TEST_CASE("the axle is black and the rod red", "[render][frame]") {
  const Image image = pendulum_frame(0, {});
  const auto pixel = [&](int column, int row) {
    const auto at = image.rgb.begin() + (row * 500 + column) * 3;
    return std::vector<int>(at, at + 3);
  };
  CHECK(pixel(250, 249) == std::vector<int>{0, 0, 0});
  CHECK(pixel(250, 200) == std::vector<int>{204, 77, 77});
  CHECK(pixel(10, 10) == std::vector<int>{255, 255, 255});
}

TEST_CASE("opposite angles mirror one another within the raster's pixel", "[render][frame]") {
  // vertices are truncated toward zero, not toward the pivot: a mirrored edge may lie one pixel off
  for (const double theta : {0.3, 1.1, 2.0, 2.9}) {
    const Extent a = extent(pendulum_frame(theta, {}));
    const Extent b = extent(pendulum_frame(-theta, {}));
    CHECK(std::abs((250 - a.left) - (b.right - 250)) <= 1);
    CHECK(std::abs((a.right - 250) - (250 - b.left)) <= 1);
    CHECK(std::abs(a.top - b.top) <= 1);
    CHECK(std::abs(a.bottom - b.bottom) <= 1);
  }
}

TEST_CASE("a full turn changes nothing", "[render][frame]") {
  // 1.0 is chosen away from angles where the last bit of the cosine decides a truncation
  CHECK(pendulum_frame(1.0, 1.0) == pendulum_frame(1.0 + 2 * std::numbers::pi, 1.0));
}

TEST_CASE("the arrow is absent at rest and grows with the torque", "[render][frame]") {
  const double bare = ink(pendulum_frame(0, {}).rgb);
  CHECK(ink(pendulum_frame(0, 0.0).rgb) == bare);
  double last = bare;
  for (const double torque : {0.6, 1.0, 1.5, 2.0}) {
    const double now = ink(pendulum_frame(0, torque).rgb);
    CHECK(now > last);
    last = now;
  }
}

TEST_CASE("the sign of the torque mirrors the arrow", "[render][frame]") {
  // upside down the rod covers neither arrowhead; n = 113 is odd, so the mirror axis is column 250
  const auto column_ink = [](const Image& image, int column) {
    int sum = 0;
    for (int y = 180; y < 249; ++y) {
      sum += 255 - image.rgb[static_cast<std::size_t>((y * 500 + column) * 3)];
    }
    return sum;
  };
  const Image positive = pendulum_frame(std::numbers::pi, 2.0);
  const Image negative = pendulum_frame(std::numbers::pi, -2.0);
  CHECK(positive != negative);
  for (int offset = 20; offset <= 56; ++offset) {
    CHECK(column_ink(positive, 250 + offset) == column_ink(negative, 250 - offset));
    CHECK(column_ink(positive, 250 - offset) == column_ink(negative, 250 + offset));
  }
}

TEST_CASE("the arrow's head is on its left", "[render][frame]") {
  const Mask arrow = torque_arrow(100);
  const auto row_opacity = [&](int row, int first, int last) {
    int sum = 0;
    for (int x = first; x < last; ++x) {
      sum += arrow.alpha[static_cast<std::size_t>(row * 100 + x)];
    }
    return sum;
  };
  CHECK(row_opacity(48, 0, 20) > 2 * row_opacity(48, 80, 100));
  CHECK(row_opacity(20, 0, 40) == 0);  // the gap above the head
}

TEST_CASE("the fast renderer equals the plain path bit for bit at 64 px", "[render][renderer]") {
  check_fast_equals_plain(64, 300);
}

TEST_CASE("the fast renderer equals the plain path on thousands of frames",
          "[render][renderer][slow]") {
  check_fast_equals_plain(64, 4000);
}

TEST_CASE("the fast renderer equals the plain path at other sizes", "[render][renderer]") {
  for (const int size_px : {8, 16, 37, 100, 500}) check_fast_equals_plain(size_px, 40);
}

TEST_CASE("a frame does not depend on those drawn before", "[render][renderer]") {
  PendulumRenderer used(64);
  PendulumRenderer fresh(64);
  std::mt19937 random(11);
  for (int i = 0; i < 50; ++i) {
    const Pose pose = random_pose(random);
    used.draw(pose.theta, pose.torque);
  }
  CHECK(std::ranges::equal(used.draw(2, -1.3), fresh.draw(2, -1.3)));
}

TEST_CASE("an arrow larger than the frame is cut off at its edges", "[render][renderer]") {
  // other torque limits than Gymnasium's may be set
  PendulumRenderer renderer(64);
  for (const double torque : {9.0, -20.0, 1e300}) {
    const Image plain = area_average(pendulum_frame(1, torque), 64);
    CHECK(std::ranges::equal(renderer.draw(1, torque), plain.rgb));
  }
}

TEST_CASE("sizes and angles that cannot be drawn are refused", "[render][frame]") {
  CHECK_THROWS_AS(PendulumRenderer(7), base::UsageError);
  CHECK_THROWS_AS(PendulumRenderer(501), base::UsageError);
  CHECK_THROWS_AS(pendulum_frame(std::numeric_limits<double>::quiet_NaN(), {}),
                  base::NumericalError);
  CHECK_THROWS_AS(pendulum_frame(0, std::numeric_limits<double>::infinity()), base::NumericalError);
}

}  // namespace noether::render
