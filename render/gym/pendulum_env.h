#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "render/gym/pendulum_frame.h"
#include "sim/gym_pendulum.h"

namespace noether::render {

// Gymnasium's environment with its picture: reset and step are those of sim::GymPendulum, render
// draws the state.
class PendulumEnv : public sim::GymPendulum {
 public:
  explicit PendulumEnv(const sim::GymPendulumOptions& options = {},
                       int render_size_px = gym_frame_px)
      : sim::GymPendulum(options), renderer_(render_size_px) {}

  // (size, size, 3) of the present state and the last torque, valid until the next call.
  std::span<const std::uint8_t> render() { return renderer_.draw(state().theta, last_torque()); }

 private:
  PendulumRenderer renderer_;
};

}  // namespace noether::render
