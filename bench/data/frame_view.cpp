#include "bench/data/frame_view.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "render/films/film.h"

namespace noether::bench {

namespace {

// one byte of what is seen of a pixel
int seen(const std::uint8_t* rgb, Channels channels, std::int64_t c) {
  switch (channels) {
    case Channels::rod:
      return std::clamp(rgb[0] - rgb[1], 0, 127);
    case Channels::rgb:
      return rgb[c];
    case Channels::grey:
      return render::grey_of({rgb[0], rgb[1], rgb[2]});
  }
  return 0;
}

}  // namespace

std::int64_t channel_count(Channels channels) { return channels == Channels::rgb ? 3 : 1; }

std::string_view to_string(Channels channels) {
  switch (channels) {
    case Channels::rod:
      return "rod";
    case Channels::rgb:
      return "rgb";
    case Channels::grey:
      return "grey";
  }
  return "";
}

std::optional<Channels> channels_of(std::string_view name) {
  for (const Channels channels : {Channels::rod, Channels::rgb, Channels::grey}) {
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
      for (std::int64_t column = 0; column < columns; ++column, pixel += 3)
        pixels.push_back(static_cast<std::uint8_t>(seen(pixel, view.channels, c)));
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
