#include "render/raster.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace noether::render {
namespace {

// the 16.16 fixed point of the line and polygon algorithms
constexpr int one = 65536;

std::uint8_t* pixel_at(Image& image, int x, int row) {
  return image.rgb.data() +
         (static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width_px) +
          static_cast<std::size_t>(x)) *
             3;
}

void blend(std::uint8_t* pixel, Rgb color, int alpha) {
  for (std::size_t c = 0; c < 3; ++c) {
    // the shift rounds down for either sign, as the recorded frames do
    const int moved = pixel[c] + (((color[c] - pixel[c]) * alpha) >> 8);
    pixel[c] = alpha == 255 ? color[c] : static_cast<std::uint8_t>(moved);
  }
}

// One pixel of a Wu line; weight 255 is opaque.
void blend_weight(Image& image, int x, int y, Rgb color, int weight) {
  const int row = image.height_px - 1 - y;
  if (x < 0 || x >= image.width_px || row < 0 || row >= image.height_px) return;
  blend(pixel_at(image, x, row), color, weight == 255 ? 255 : (255 * weight) >> 8);
}

// Wu, "An efficient antialiasing technique" (SIGGRAPH 1991): along the longer axis, each step
// shares its color between the two pixels beside the line. The last pixel is left to the next edge.
void smooth_line(Image& image, Pixel a, Pixel b, Rgb color) {
  if (a.y > b.y) std::swap(a, b);
  const int dx = std::abs(b.x - a.x);
  const int dy = b.y - a.y;
  const int side = b.x >= a.x ? 1 : -1;
  const bool steep = dy > dx;
  const int length = std::max(dx, dy);
  if (length == 0) return;
  const int slope = static_cast<int>((std::int64_t{std::min(dx, dy)} * one) / length);

  blend_weight(image, a.x, a.y, color, 255);
  std::int64_t offset = 0;  // from the line's start, across the longer axis
  for (int step = 1; step < length; ++step) {
    offset += slope;
    const int across = static_cast<int>(offset / one);
    const int weight = static_cast<int>(offset % one) >> 8;
    const int x = a.x + side * (steep ? across : step);
    const int y = a.y + (steep ? step : across);
    blend_weight(image, x, y, color, 255 - weight);
    blend_weight(image, steep ? x + side : x, steep ? y : y + 1, color, weight);
  }
}

// Where the edge from a to b meets the line at height y, in 16.16.
std::int64_t crossing(Pixel a, Pixel b, int y) {
  if (a.y > b.y) std::swap(a, b);
  return (std::int64_t{one} * (y - a.y)) / (b.y - a.y) * (b.x - a.x) + std::int64_t{one} * a.x;
}

// One row of a convex polygon, from its leftmost to its rightmost crossing: halves belong to the
// polygon on neither side.
void fill_row(Image& image, std::span<const Pixel> vertices, int y, Rgb color) {
  std::int64_t left = std::int64_t{one} * image.width_px;
  std::int64_t right = -std::int64_t{one};
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    const Pixel a = vertices[i];
    const Pixel b = vertices[(i + 1) % vertices.size()];
    if (a.y == b.y || y < std::min(a.y, b.y) || y > std::max(a.y, b.y)) continue;
    left = std::min(left, crossing(a, b, y));
    right = std::max(right, crossing(a, b, y));
  }
  const auto nearest = [](std::int64_t x) { return static_cast<int>((x + one / 2) >> 16); };
  const int first = std::max(nearest(left + 1), 0);
  const int last = std::min(nearest(right - 1), image.width_px - 1);
  for (int x = first; x <= last; ++x) {
    std::copy(color.begin(), color.end(), pixel_at(image, x, image.height_px - 1 - y));
  }
}

// The opacity of the pixel (x, y) of a disc, 0 <= x, y: full up to the circle, then one pixel
// weighted by how far the circle reaches into it along the steeper axis.
int disc_alpha(int radius, int x, int y) {
  const bool at_side = x > y;
  const int along = at_side ? y : x;
  const int across = at_side ? x : y;
  if (along > radius) return 0;
  const double reach = std::sqrt(static_cast<double>(radius * radius - along * along));
  const int whole = static_cast<int>(reach);
  // rows are filled to the nearest column, columns only up to the circle
  if (across <= (at_side ? static_cast<int>(std::lround(reach)) : whole)) return 255;
  return across == whole + 1 ? static_cast<int>(255 * (reach - whole)) : 0;
}

}  // namespace

Mask disc_mask(int radius) {
  Mask mask{2 * radius + 3, {}};
  for (int y = -radius - 1; y <= radius + 1; ++y) {
    for (int x = -radius - 1; x <= radius + 1; ++x) {
      mask.alpha.push_back(static_cast<std::uint8_t>(disc_alpha(radius, std::abs(x), std::abs(y))));
    }
  }
  return mask;
}

void blend_mask(Image& image, const Mask& mask, int left_px, int top_px, Rgb color, bool mirrored) {
  const int first = std::max(0, -left_px);
  const int last = std::min(mask.size_px, image.width_px - left_px);
  for (int y = std::max(0, -top_px); y < std::min(mask.size_px, image.height_px - top_px); ++y) {
    const std::uint8_t* alpha = mask.alpha.data() + std::ptrdiff_t{y} * mask.size_px;
    for (int x = first; x < last; ++x) {
      const int a = alpha[mirrored ? mask.size_px - 1 - x : x];
      if (a != 0) blend(pixel_at(image, left_px + x, top_px + y), color, a);
    }
  }
}

void fill_polygon(Image& image, std::span<const Pixel> vertices, Rgb color) {
  int lowest = image.height_px;
  int highest = -1;
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    smooth_line(image, vertices[i], vertices[(i + 1) % vertices.size()], color);
    lowest = std::min(lowest, vertices[i].y);
    highest = std::max(highest, vertices[i].y);
  }
  lowest = std::max(lowest, 0);
  highest = std::min(highest, image.height_px - 1);
  for (int y = lowest; y <= highest; ++y) fill_row(image, vertices, y, color);
}

}  // namespace noether::render
