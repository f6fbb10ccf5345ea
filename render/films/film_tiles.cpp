#include "render/films/film_tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "render/gym/pendulum_frame.h"
#include "render/plots/plot.h"

namespace noether::render {
namespace {

constexpr double first_top = 66;

double row_height(const FrameTiles& tiles) { return tiles.tile_px + 30; }

// The frame as a tile of about size_px, never blurred: whole multiples up, area averages down.
Image tile(const Image& frame, int size_px) {
  if (frame.width_px > size_px && frame.width_px == frame.height_px) {
    return area_average(frame, size_px);
  }
  return enlarge(frame, std::max(1, size_px / std::max(frame.width_px, 1)));
}

// Index of tile k of n, spread evenly from the first frame to the last.
std::size_t frame_index(std::size_t k, std::size_t n, std::size_t frames) {
  return n < 2 ? 0 : (k * (frames - 1) + (n - 1) / 2) / (n - 1);
}

}  // namespace

FrameTiles arrange_tiles(std::size_t frames, int columns) {
  if (columns < 1 || columns > 40) {
    throw base::UsageError("film strip: " + std::to_string(columns) + " columns are not in 1..40");
  }
  const auto across = static_cast<std::size_t>(columns);
  const std::size_t count = std::min(2 * across, frames);
  const std::size_t rows = (count + across - 1) / across;
  FrameTiles tiles{
      .shown = {}, .columns = columns, .pitch = (strip_width_px - 2 * strip_margin) / columns};
  tiles.tile_px = std::min(static_cast<int>(tiles.pitch) - 6, 256);
  tiles.bottom = 80 + static_cast<double>(rows) * row_height(tiles);
  for (std::size_t k = 0; k < count; ++k) tiles.shown.push_back(frame_index(k, count, frames));
  return tiles;
}

void draw_tiles(Canvas& canvas, const FrameTiles& tiles, const std::string& title,
                std::span<const Image> frames, std::span<const double> time,
                const std::string& time_unit) {
  const std::string unit = time_unit.empty() || time_unit == "1" ? "" : " " + time_unit;
  const auto across = static_cast<std::size_t>(tiles.columns);
  canvas.text({strip_margin, 42}, title, {.size_px = 21, .color = palette::ink, .bold = true});
  for (std::size_t k = 0; k < tiles.shown.size(); ++k) {
    const Image picture = tile(frames[tiles.shown[k]], tiles.tile_px);
    const double middle = strip_margin + (static_cast<double>(k % across) + 0.5) * tiles.pitch;
    const double top = first_top + static_cast<double>(k / across) * row_height(tiles);
    const double left = std::round(middle - picture.width_px / 2.0);
    canvas.image(picture, {left, top});
    canvas.frame({left - 0.5, top - 0.5, picture.width_px + 1.0, picture.height_px + 1.0},
                 color_of(0xbdbdbd), 1);
    canvas.text({middle, top + picture.height_px + 17},
                fmt::format("{:.2f}{}", time[tiles.shown[k]], unit),
                {.size_px = 13, .color = palette::ink, .align = Align::center});
  }
}

Image large_frame(const Image& frame) {
  constexpr int least_px = 256;
  const int factor = (least_px + frame.width_px - 1) / std::max(frame.width_px, 1);
  return enlarge(frame, std::max(1, factor));
}

Canvas canvas_beside(const Image& large, int side_px) {
  Canvas canvas(large.width_px + side_px, large.height_px, palette::paper);
  canvas.image(large, {0, 0});
  const std::array<Point, 2> edge{Point{large.width_px + 0.5, 0},
                                  Point{large.width_px + 0.5, large.height_px + 0.0}};
  canvas.line(edge, palette::grid, 1);
  return canvas;
}

}  // namespace noether::render
