#include "render/gym/torque_arrow.h"

#include <numbers>

#include "render/canvas.h"

namespace noether::render {
namespace {

// The arrow is designed on a sheet a little wider than high and squeezed into a square, so its
// ring is a little taller than wide. Angles run clockwise from the right.
constexpr double sheet_width = 329;
constexpr double sheet_height = 312;
constexpr Point center{173, 156};
constexpr double radius = 151;
constexpr double line_width = 10;
constexpr double ring_start = -std::numbers::pi / 2 - 0.017;  // just left of the top
constexpr double ring_end = std::numbers::pi;                 // under the head
constexpr Point head_tip{22, 110};
constexpr Point head_right{45, 171};
constexpr Point head_notch{22, 154};
constexpr Point head_left{0, 171};

}  // namespace

Mask torque_arrow(int size_px) {
  Canvas canvas(size_px, size_px, {.opacity = 0});
  canvas.scale(size_px / sheet_width, size_px / sheet_height);
  canvas.arc(center, radius, ring_start, ring_end);
  canvas.stroke({}, line_width);
  canvas.move_to(head_tip);
  canvas.line_to(head_right);
  canvas.line_to(head_notch);
  canvas.line_to(head_left);
  canvas.close_path();
  canvas.fill({});
  return {size_px, canvas.opacity()};
}

}  // namespace noether::render
