#include "bench/data/frame_view.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

#include "render/gym/pendulum_frame.h"

using namespace noether;
using bench::Channels;
using bench::FrameView;

namespace {

using Pixels = std::vector<std::uint8_t>;

Pixels cropped(const Pixels& rgb, std::int64_t height, std::int64_t width, const FrameView& view) {
  Pixels pixels;
  bench::append_crop(pixels, rgb, height, width, view);
  return pixels;
}

// The frame of the pendulum at 64 x 64, as a file has it, seen by the default view.
std::vector<float> seen(double theta, std::optional<double> torque) {
  render::PendulumRenderer renderer(64);
  const auto frame = renderer.draw(theta, torque);
  const FrameView view;
  const Pixels pixels = cropped({frame.begin(), frame.end()}, 64, 64, view);
  std::vector<float> values(pixels.size());
  bench::average_blocks(values, pixels, 32, view);
  return values;
}

}  // namespace

TEST_CASE("a view keeps the middle of a frame and the channels asked for", "[bench][frame_view]") {
  // red, green and blue of pixel (row, column) are 10 row + column, 100 + column and 200
  Pixels rgb;
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 6; ++column) {
      for (const int value : {10 * row + column, 100 + column, 200})
        rgb.push_back(static_cast<std::uint8_t>(value));
    }
  }
  CHECK(cropped(rgb, 4, 6, {.crop = 2, .channels = Channels::rgb}) ==
        Pixels{11, 12, 13, 21, 22, 23, 101, 102, 103, 101, 102, 103, 200, 200, 200, 200, 200, 200});
  CHECK(cropped(rgb, 4, 6, {.crop = 1, .channels = Channels::rgb}).size() == rgb.size());
}

TEST_CASE("the rod's channel is the red above the green, within bounds", "[bench][frame_view]") {
  const Pixels rgb{204, 77, 77, 255, 255, 255, 0, 0, 0, 0, 50, 0, 255, 0, 0, 100, 90, 0};
  CHECK(cropped(rgb, 1, 6, {.crop = 1}) == Pixels{127, 0, 0, 0, 127, 10});
}

TEST_CASE("blocks are averaged exactly", "[bench][frame_view]") {
  // two planes of 2 x 4
  const Pixels pixels{127, 0, 3, 4, 127, 127, 5, 6, 0, 0, 127, 127, 0, 1, 127, 127};
  std::vector<float> values(4);
  bench::average_blocks(values, pixels, 4, {.average = 2});
  CHECK(values == std::vector<float>{381.0F / 508.0F, 18.0F / 508.0F, 1.0F / 508.0F, 1.0F});
  std::vector<float> same(16);
  bench::average_blocks(same, pixels, 4, {.average = 1, .channels = Channels::rgb});
  for (std::size_t i = 0; i < 16; ++i) CHECK(same[i] == static_cast<float>(pixels[i]) / 255.0F);
}

TEST_CASE("frame sizes must be multiples that leave whole margins and blocks",
          "[bench][frame_view]") {
  CHECK(bench::extent_multiple({.crop = 1, .average = 1}) == 1);
  CHECK(bench::extent_multiple({.crop = 2, .average = 1}) == 4);
  CHECK(bench::extent_multiple({.crop = 2, .average = 2}) == 4);
  CHECK(bench::extent_multiple({.crop = 3, .average = 1}) == 3);
  CHECK(bench::extent_multiple({.crop = 2, .average = 3}) == 12);
}

TEST_CASE("by default the rod is 1, and the arrow, the axle and the white are 0",
          "[bench][frame_view]") {
  constexpr double angle = 0.6;
  const auto still = seen(angle, std::nullopt);
  const auto pushed = seen(angle, 2.0);
  REQUIRE(still.size() == 1024);
  double moment_x = 0, moment_y = 0;
  int rod = 0, covered = 0;
  for (std::size_t i = 0; i < 1024; ++i) {
    // the arrow is grey: it is seen only where it covers the rod. Red and green are rounded each
    CHECK(pushed[i] <= still[i] + 2.0F / 127);
    covered += pushed[i] < still[i] - 0.5F ? 1 : 0;
    rod += still[i] == 1 ? 1 : 0;
    // pixel centres from the pivot, which is in the middle of the frame
    moment_x += static_cast<double>(still[i]) * (static_cast<double>(i % 32) - 15.5);
    moment_y -= static_cast<double>(still[i]) * (static_cast<double>(i / 32) - 15.5);
  }
  CHECK(covered > 0);
  // its middle is in the direction of the rod: theta from upright, counter-clockwise
  CHECK(std::atan2(-moment_x, moment_y) == Approx(angle).margin(0.05));
  // a rod of 14.5 x 2.9 px with a half disc at each end covers 48.5 px, 1.3 px of which are axle;
  // its corners are whole pixels of 500, which moves each edge by up to 0.13 px
  const double sum = std::accumulate(still.begin(), still.end(), 0.0);
  CHECK(sum == Approx(47.2).margin(17.4 * 2 * 0.13));
  CHECK(rod > 15);
}

TEST_CASE("the middle half of a frame holds all of the rod, wherever it points",
          "[bench][frame_view]") {
  render::PendulumRenderer renderer(64);
  for (double theta = 0; theta < 2 * std::numbers::pi; theta += 0.1) {
    const auto frame = renderer.draw(theta, std::nullopt);
    const Pixels rgb{frame.begin(), frame.end()};
    const auto sum = [&](const Pixels& pixels) {
      return std::accumulate(pixels.begin(), pixels.end(), 0);
    };
    INFO(theta);
    CHECK(sum(cropped(rgb, 64, 64, {})) == sum(cropped(rgb, 64, 64, {.crop = 1})));
  }
}
