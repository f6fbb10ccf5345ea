#include "render/gym/pendulum_scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "render/gym/pendulum_frame.h"
#include "render/gym/torque_arrow.h"

namespace noether::render {
namespace {

constexpr double px_per_metre = gym_frame_px / 4.4;
constexpr Pixel pivot{gym_frame_px / 2, gym_frame_px / 2};
constexpr double half_width = 0.1 * px_per_metre;
constexpr int disc_radius = static_cast<int>(half_width);
constexpr int axle_radius = static_cast<int>(0.05 * px_per_metre);
constexpr Rgb rod_color{204, 77, 77};
constexpr Rgb black{0, 0, 0};

// At this size the ring lies outside the frame altogether.
constexpr int largest_arrow_px = 4 * gym_frame_px;

int row_of(int y) { return gym_frame_px - 1 - y; }

// The square of a disc mask about its centre.
Box disc_box(Pixel center, int radius) {
  const int reach = radius + 1;
  return {center.x - reach, row_of(center.y) - reach, center.x + reach + 1,
          row_of(center.y) + reach + 1};
}

// Gymnasium centres the arrow at column and row n / 2 of itself before the flip.
Box arrow_box(int size_px) {
  const int left = pivot.x - size_px / 2;
  const int bottom = row_of(pivot.y) + size_px / 2 + 1;
  return {left, bottom - size_px, left + size_px, bottom};
}

Box united(const Box& a, const Box& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

void draw_disc(Image& image, const Mask& mask, Pixel center, Rgb color) {
  blend_mask(image, mask, center.x - mask.size_px / 2, row_of(center.y) - mask.size_px / 2, color);
}

}  // namespace

PendulumScene pendulum_scene(double theta, std::optional<double> torque) {
  if (!std::isfinite(theta) || !std::isfinite(torque.value_or(0))) {
    throw base::NumericalError("pendulum frame: angle or torque is not finite");
  }
  const double angle = theta + std::numbers::pi / 2;
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  // a point of the rod's own frame, turned, moved and truncated
  const auto place = [&](double along, double across) {
    return Pixel{static_cast<int>(along * cosine - across * sine + pivot.x),
                 static_cast<int>(along * sine + across * cosine + pivot.y)};
  };
  PendulumScene scene;
  scene.rod = {place(0, -half_width), place(0, half_width), place(px_per_metre, half_width),
               place(px_per_metre, -half_width)};
  scene.rod_end = place(px_per_metre, 0);
  if (torque) {
    const double arrow_px = px_per_metre * std::abs(*torque) / 2;
    scene.arrow_px = static_cast<int>(std::min<double>(arrow_px, largest_arrow_px));
    scene.arrow_mirrored = *torque > 0;
  }
  return scene;
}

Box bounding_box(const PendulumScene& scene) {
  Box box = united(disc_box(pivot, disc_radius), disc_box(scene.rod_end, disc_radius));
  for (const Pixel& corner : scene.rod) {
    box = united(box, disc_box(corner, 0));  // smoothing reaches one pixel out
  }
  if (scene.arrow_px > 0) box = united(box, arrow_box(scene.arrow_px));
  return {std::max(box.left, 0), std::max(box.top, 0), std::min(box.right, gym_frame_px),
          std::min(box.bottom, gym_frame_px)};
}

PendulumSprites::PendulumSprites() : disc_(disc_mask(disc_radius)), axle_(disc_mask(axle_radius)) {}

const Mask& PendulumSprites::arrow(int size_px) {
  const auto found = arrows_.find(size_px);
  if (found != arrows_.end()) return found->second;
  return arrows_.emplace(size_px, torque_arrow(size_px)).first->second;
}

void draw_scene(Image& image, const PendulumScene& scene, PendulumSprites& sprites) {
  fill_polygon(image, scene.rod, rod_color);
  draw_disc(image, sprites.disc(), pivot, rod_color);
  draw_disc(image, sprites.disc(), scene.rod_end, rod_color);
  if (scene.arrow_px > 0) {
    const Box box = arrow_box(scene.arrow_px);
    blend_mask(image, sprites.arrow(scene.arrow_px), box.left, box.top, black,
               scene.arrow_mirrored);
  }
  draw_disc(image, sprites.axle(), pivot, black);
}

}  // namespace noether::render
