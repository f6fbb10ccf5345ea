#include "bench/data/frame_view.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace noether::bench {

std::int64_t channel_count(Channels channels) { return channels == Channels::rod ? 1 : 3; }

std::string_view to_string(Channels channels) { return channels == Channels::rod ? "rod" : "rgb"; }

std::optional<Channels> channels_of(std::string_view name) {
  for (const Channels channels : {Channels::rod, Channels::rgb}) {
    if (to_string(channels) == name) return channels;
  }
  return {};
}

int full_byte(Channels channels) { return channels == Channels::rod ? 127 : 255; }

std::int64_t extent_multiple(const FrameView& view) {
  // what is cut off is halved, so an even crop must leave an even number
  const std::int64_t left = view.crop % 2 == 0 ? std::lcm(2, view.average) : view.average;
  return view.crop * left;
}

void append_crop(std::vector<std::uint8_t>& pixels, std::span<const std::uint8_t> rgb,
                 std::int64_t height, std::int64_t width, const FrameView& view) {
  assert(std::ssize(rgb) == height * width * 3);
  const std::int64_t rows = height / view.crop, columns = width / view.crop;
  const std::int64_t top = (height - rows) / 2, left = (width - columns) / 2;
  for (std::int64_t c = 0; c < channel_count(view.channels); ++c) {
    for (std::int64_t row = top; row < top + rows; ++row) {
      const std::uint8_t* pixel = rgb.data() + (row * width + left) * 3;
      for (std::int64_t column = 0; column < columns; ++column, pixel += 3) {
        const int value =
            view.channels == Channels::rgb ? pixel[c] : std::clamp(pixel[0] - pixel[1], 0, 127);
        pixels.push_back(static_cast<std::uint8_t>(value));
      }
    }
  }
}

void average_blocks(std::span<float> values, std::span<const std::uint8_t> pixels,
                    std::int64_t width, const FrameView& view) {
  const std::int64_t k = view.average, columns = width / k;
  assert(std::ssize(values) * k * k == std::ssize(pixels));
  const auto full = static_cast<float>(full_byte(view.channels) * k * k);
  float* value = values.data();
  for (std::int64_t top = 0; top < std::ssize(pixels); top += k * width) {
    for (std::int64_t left = 0; left < columns * k; left += k) {
      int sum = 0;
      for (std::int64_t row = 0; row < k; ++row) {
        const std::uint8_t* line = pixels.data() + top + row * width + left;
        sum = std::accumulate(line, line + k, sum);
      }
      *value++ = static_cast<float>(sum) / full;
    }
  }
}

}  // namespace noether::bench
