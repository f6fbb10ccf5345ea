#pragma once

// Thick lines with round ends, and discs, with soft edges. Every number is made by +, -, *, / and
// sqrt in double precision, so the pixels are the same on every processor, as datasets must be:
// those of a drawing library depend on its version.

#include <vector>

#include "render/canvas.h"
#include "render/image.h"
#include "render/raster.h"

namespace noether::render {

// All points nearer than `radius` to the line from one end to the other; a disc where these are one
// point. Pixels: x to the right, y downward, (0, 0) the corner of the first pixel.
struct Stroke {
  Point from;
  Point to;
  double radius = 0;
};

// How much of a pixel a stroke covers is measured along this many rows within the pixel, exactly
// along each: off by at most half a row, 1/32 of a pixel where an edge is level.
inline constexpr int rows_in_pixel = 16;

class StrokePainter {
 public:
  // Paints the part of the stroke that lies on the image: a pixel moves towards `color` by opacity
  // times its covered share, rounded to nearest. Touches no pixel outside the box of the stroke.
  void paint(Image& image, const Stroke& stroke, Rgb color, double opacity = 1);

 private:
  std::vector<double> covered_;  // of one row of pixels, from the left end of the box
};

}  // namespace noether::render
