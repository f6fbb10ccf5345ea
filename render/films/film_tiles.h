#pragma once

// How frames are shown: spread evenly over a strip with their times, or one with room beside it.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "render/canvas.h"
#include "render/image.h"

namespace noether::render {

inline constexpr int strip_width_px = 1400;
inline constexpr double strip_margin = 24;

struct FrameTiles {
  std::vector<std::size_t> shown;  // which frames
  int columns = 0;
  double pitch = 0;  // from tile to tile, px
  int tile_px = 0;
  double bottom = 0;  // where what follows may begin
};

// Two rows of `columns` tiles, fewer where there are fewer frames. Throws UsageError unless columns
// are in 1..40.
FrameTiles arrange_tiles(std::size_t frames, int columns);

void draw_tiles(Canvas& canvas, const FrameTiles& tiles, const std::string& title,
                std::span<const Image> frames, std::span<const double> time,
                const std::string& time_unit);

// The frame enlarged to at least 256 px.
Image large_frame(const Image& frame);

// It, with side_px beside it for what a picture does not say.
Canvas canvas_beside(const Image& large, int side_px);

}  // namespace noether::render
