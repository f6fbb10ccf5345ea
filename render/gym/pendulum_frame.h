#pragma once

// The frame that Gymnasium's Pendulum-v1 draws, without pygame: 500 x 500, white, rod,
// pivot disc, end disc, torque arrow (after a step), axle; S = 500 / 4.4 px per metre, pivot at
// column 250, row 249.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "render/image.h"

namespace noether::render {

inline constexpr int gym_frame_px = 500;

// The full frame for angle theta (rad) and the torque of the last step (N m, clipped), none before
// the first: everything drawn anew. The plain path, against which PendulumRenderer is tested.
Image pendulum_frame(double theta, std::optional<double> torque);

// The exact area average of `image` (square) to size_px x size_px, each channel rounded half to
// even.
Image area_average(const Image& image, int size_px);

// area_average(pendulum_frame(theta, torque), size_px), bit for bit, fast enough to film: redraws
// and averages only what moved since the last frame. Frames do not depend on those drawn before.
// One object a thread.
class PendulumRenderer {
 public:
  explicit PendulumRenderer(int size_px);  // 8..500, else UsageError
  ~PendulumRenderer();
  PendulumRenderer(PendulumRenderer&&) noexcept;
  PendulumRenderer& operator=(PendulumRenderer&&) noexcept;

  // (size_px, size_px, 3), valid until the next call.
  std::span<const std::uint8_t> draw(double theta, std::optional<double> torque);

 private:
  struct Workspace;
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace noether::render
