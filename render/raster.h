#pragma once

// Pixels as pygame's gfxdraw sets them, which Cairo cannot reproduce: polygons with integer
// vertices are filled including their outline, then smoothed by Wu lines; discs likewise.
//
// Points are (column, height): y counts upward from the bottom row of the image, as Gymnasium
// draws before it flips the frame. What lies outside the image is not drawn.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "render/image.h"

namespace noether::render {

using Rgb = std::array<std::uint8_t, 3>;

struct Pixel {
  int x = 0;
  int y = 0;  // upward
  bool operator==(const Pixel&) const = default;
};

// How opaque each pixel of a small square is: alpha is (size, size), row 0 at the top.
struct Mask {
  int size_px = 0;
  std::vector<std::uint8_t> alpha;
};

// A disc of integer radius, centred on the middle pixel of 2 radius + 3.
Mask disc_mask(int radius);

// Paints `color` through the mask with its first pixel at (left_px, top_px), where top_px is a row
// counted from the top; mirrored left to right on request.
void blend_mask(Image& image, const Mask& mask, int left_px, int top_px, Rgb color,
                bool mirrored = false);

// Fills the polygon and its outline, smoothed.
void fill_polygon(Image& image, std::span<const Pixel> vertices, Rgb color);

}  // namespace noether::render
