#pragma once

// What stands where in a frame of Gymnasium's pendulum, and how it is drawn. pendulum_frame.h
// makes pictures of it.

#include <array>
#include <map>
#include <optional>

#include "render/raster.h"

namespace noether::render {

// Pixels of a frame: columns [left, right), rows [top, bottom) from the top.
struct Box {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

struct PendulumScene {
  std::array<Pixel, 4> rod;  // its corners
  Pixel rod_end;
  int arrow_px = 0;  // 0: no arrow
  bool arrow_mirrored = false;
};

// Throws NumericalError for an angle or torque that is not finite.
PendulumScene pendulum_scene(double theta, std::optional<double> torque);

// Every pixel that draw_scene may change.
Box bounding_box(const PendulumScene& scene);

// The parts that are drawn again and again in the same shape; arrows are made when first needed.
class PendulumSprites {
 public:
  PendulumSprites();
  const Mask& disc() const { return disc_; }
  const Mask& axle() const { return axle_; }
  const Mask& arrow(int size_px);

 private:
  Mask disc_;
  Mask axle_;
  std::map<int, Mask> arrows_;
};

// Draws the scene over what is there.
void draw_scene(Image& image, const PendulumScene& scene, PendulumSprites& sprites);

}  // namespace noether::render
