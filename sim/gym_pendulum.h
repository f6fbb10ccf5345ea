#pragma once

// Gymnasium's Pendulum-v1, bit for bit: g = 10, m = 1, l = 1, dt = 0.05, theta = 0 upright,
// counter-clockwise positive. Source of the facts: Gymnasium 1.x, classic_control/pendulum.py,
// under NumPy 2 promotion rules (float32 action, float64 state).
//
//   u = clip(action, -2, 2)
//   reward = -(wrap(theta)^2 + 0.1 theta_dot^2 + 0.001 u^2), of the state before the step
//   theta_dot' = clip(theta_dot + (3 g / (2 l) sin theta + 3 / (m l^2) u) dt, -8, 8)
//   theta' = theta + theta_dot' dt                              (semi-implicit Euler; never
//   wrapped)

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace noether::sim {

struct GymPendulumOptions {
  double g = 10;                // m/s^2
  double m = 1;                 // kg
  double l = 1;                 // m
  double dt = 0.05;             // s
  double max_speed = 8;         // rad/s
  double max_torque = 2;        // N m
  int max_episode_steps = 200;  // truncation
};

struct PendulumState {
  double theta = 0;      // rad, unwrapped
  double theta_dot = 0;  // rad/s
};

using PendulumObservation = std::array<float, 3>;  // cos theta, sin theta, theta_dot

struct PendulumStep {
  PendulumObservation observation;
  double reward = 0;
  bool terminated = false;  // never
  bool truncated = false;   // at max_episode_steps
};

inline constexpr double gym_start_speed = 1;  // rad/s

class GymPendulum {
 public:
  explicit GymPendulum(const GymPendulumOptions& options = {});

  // Starts an episode at gym_initial_state(seed, start_speed).
  PendulumObservation reset(std::uint64_t seed, double start_speed = gym_start_speed);
  // Starts an episode at a given state.
  PendulumObservation reset(const PendulumState& start);

  // One step of dt under `action` (N m), clipped to +-max_torque. Throws UsageError before the
  // first reset, after truncation, and for a NaN.
  PendulumStep step(float action);

  const PendulumState& state() const { return state_; }
  PendulumObservation observation() const;
  std::optional<double> last_torque() const {
    return last_torque_;
  }  // clipped; none before the first step
  const GymPendulumOptions& options() const { return options_; }

  // The spaces as Gymnasium describes them, in Minari's JSON form (Box with low, high, shape,
  // dtype).
  std::string observation_space_json() const;
  std::string action_space_json() const;

 private:
  GymPendulumOptions options_;
  PendulumState state_;
  std::optional<double> last_torque_;
  int steps_ = -1;  // -1 before the first reset
};

// The state that Gymnasium's reset(seed=seed, options={"y_init": start_speed}) draws: theta ~
// U(-pi, pi), theta_dot ~ U(-start_speed, start_speed), from PCG64 seeded by NumPy's
// SeedSequence(seed). Throws UsageError for a speed (rad/s) that is negative or not finite.
PendulumState gym_initial_state(std::uint64_t seed, double start_speed = gym_start_speed);

}  // namespace noether::sim
