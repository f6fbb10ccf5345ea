#pragma once

// What a model sees of a stored frame: its central part, one channel of it or three, averaged over
// small blocks. The view of the pixel pendulum by default is 32 x 32 of 64 x 64, in which the rod
// is 1 and all else is 0.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace noether::bench {

enum class Channels {
  rod,  // one: (red - green) / 127 within [0, 1]. The rod is 1; what is white, grey or black is 0
  rgb,  // three: red, green and blue, each / 255
  grey  // one: (299 red + 587 green + 114 blue) / 1000, rounded to a whole number, / 255
};

struct FrameView {
  int crop = 2;     // height and width are divided by it; the middle is kept
  int average = 1;  // over blocks of average x average pixels, after the crop
  Channels channels = Channels::rod;
};

std::int64_t channel_count(Channels channels);
std::string_view to_string(Channels channels);  // "rod"
std::optional<Channels> channels_of(std::string_view name);

// Height and width of the stored frames must be multiples of this.
std::int64_t extent_multiple(const FrameView& view);

// Appends to `pixels` the crop of a frame `rgb` (height, width, 3), as bytes (c, height / crop,
// width / crop). A byte is the value times `full_byte`, exactly.
void append_crop(std::vector<std::uint8_t>& pixels, std::span<const std::uint8_t> rgb,
                 std::int64_t height, std::int64_t width, const FrameView& view);
int full_byte(Channels channels);  // 127 or 255

// Writes to `values` (planes, height / average, width / average) the means of the blocks of
// `pixels` (planes, height, width), divided by full_byte: rounded once to float32.
void average_blocks(std::span<float> values, std::span<const std::uint8_t> pixels,
                    std::int64_t width, const FrameView& view);

}  // namespace noether::bench
