#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "render/gym/pendulum_frame.h"
#include "tests/support/hdf5_read.h"
#include "tests/support/reference.h"

// The recorded frames of Gymnasium's own renderer (pygame 2.1.2), three episodes of 51 frames.

namespace noether::render {
namespace {

struct RecordedFrame {
  double theta;
  std::optional<double> torque;
  std::span<const std::uint8_t> rgb;    // (500, 500, 3)
  std::span<const std::uint8_t> rgb64;  // (64, 64, 3)
};

class RecordedFrames {
 public:
  RecordedFrames() {
    const auto path = test::reference_file("gymnasium_pendulum_v1.h5");
    const auto read = [&](const char* name) { return test::read_dataset<double>(path, name); };
    theta_ = read("theta");
    action_ = read("action");
    episode_ = read("frames/episode");
    step_ = read("frames/step");
    rgb_ = test::read_dataset<std::uint8_t>(path, "frames/rgb");
    rgb64_ = test::read_dataset<std::uint8_t>(path, "frames/rgb64");
  }
  std::size_t size() const { return episode_.size() * step_.size(); }

  RecordedFrame operator[](std::size_t i) const {
    constexpr std::size_t big = 500 * 500 * 3;
    constexpr std::size_t small = 64 * 64 * 3;
    const auto episode = static_cast<std::size_t>(episode_[i / step_.size()]);
    const auto step = static_cast<std::size_t>(step_[i % step_.size()]);
    RecordedFrame frame{theta_[episode * 201 + step], std::nullopt,
                        std::span(rgb_).subspan(i * big, big),
                        std::span(rgb64_).subspan(i * small, small)};
    if (step > 0) frame.torque = std::clamp(action_[episode * 200 + step - 1], -2.0, 2.0);
    return frame;
  }

 private:
  std::vector<double> theta_, action_, episode_, step_;
  std::vector<std::uint8_t> rgb_, rgb64_;
};

struct Difference {
  double mean_absolute = 0;  // grey levels
  double psnr = 0;           // dB
};

// Over the cells of a 64 x 64 picture, without those within `hidden` columns and rows of the
// pivot's.
Difference difference(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                      int hidden) {
  double absolute = 0;
  double square = 0;
  double count = 0;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      if (std::abs(x - 32) < hidden && std::abs(y - 32) < hidden) continue;
      for (int c = 0; c < 3; ++c) {
        const auto at = static_cast<std::size_t>((y * 64 + x) * 3 + c);
        const double d = double{1} * a[at] - b[at];
        absolute += std::abs(d);
        square += d * d;
        count += 1;
      }
    }
  }
  return {absolute / count, 10 * std::log10(255.0 * 255.0 * count / square)};
}

}  // namespace

TEST_CASE("area averages of the recorded frames are the recorded averages", "[render][reference]") {
  const RecordedFrames frames;
  for (std::size_t i = 0; i < frames.size(); i += 10) {
    const auto& rgb = frames[i].rgb;
    const Image averaged = area_average({500, 500, {rgb.begin(), rgb.end()}}, 64);
    REQUIRE(std::ranges::equal(averaged.rgb, frames[i].rgb64));
  }
}

TEST_CASE("frames without an arrow differ from Gymnasium's at the rims of discs only",
          "[render][reference]") {
  const RecordedFrames frames;
  int compared = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const RecordedFrame recorded = frames[i];
    if (recorded.torque) continue;
    const Image drawn = pendulum_frame(recorded.theta, {});
    int different = 0;
    for (std::size_t k = 0; k < drawn.rgb.size(); ++k) {
      const int distance = std::abs(drawn.rgb[k] - recorded.rgb[k]);
      // pygame weighs the rim of a disc by another approximation to the square root
      REQUIRE(distance <= 4);
      different += distance > 0 ? 1 : 0;
    }
    // three discs, at most 8 rim pixels with three channels each
    CHECK(different <= 3 * 8 * 3);
    ++compared;
  }
  REQUIRE(compared == 3);
}

TEST_CASE("frames at 64 px lie within the stated bars of Gymnasium's", "[render][reference]") {
  const RecordedFrames frames;
  PendulumRenderer renderer(64);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const RecordedFrame recorded = frames[i];
    const auto drawn = renderer.draw(recorded.theta, recorded.torque);
    // the arrow reaches S |u| / 4 px to either side of the pivot's cell, of 7.8 px
    const double reach = 500 / 4.4 * std::abs(recorded.torque.value_or(0)) / 4;
    const Difference rest = difference(drawn, recorded.rgb64,
                                       recorded.torque ? 2 + static_cast<int>(reach / 7.8125) : 0);
    CAPTURE(i, recorded.theta, recorded.torque.value_or(0));
    // the bars of datasets.md for the pixel pendulum
    CHECK(rest.mean_absolute < 0.03);
    CHECK(rest.psnr > 55);
    CHECK(difference(drawn, recorded.rgb64, 0).psnr > 35);
  }
}

}  // namespace noether::render
