#include "sim/gym_pendulum.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "base/error.h"
#include "base/text.h"
#include "sim/pcg64.h"

namespace noether::sim {
namespace {

// theta in [-pi, pi), as ((theta + pi) % (2 pi)) - pi with Python's floored modulo
double wrap(double theta) {
  constexpr double turn = 2 * std::numbers::pi;
  double remainder = std::fmod(theta + std::numbers::pi, turn);
  if (remainder < 0) remainder += turn;
  return remainder - std::numbers::pi;
}

// x ** 2 as NumPy's numbers have it: pow and powf of the C library, which differ from x * x in the
// last bit once in a thousand. The exponent is volatile because compilers make a product of
// pow(x, 2).
template <class T>
T squared(T x) {
  const volatile T two = 2;
  return std::pow(x, two);
}

void check_positive(const char* name, double value) {
  if (std::isfinite(value) && value > 0) return;
  throw base::UsageError(fmt::format("pixel-pendulum: {} = {}; expected a finite number above 0",
                                     name, base::format_double(value)));
}

nlohmann::ordered_json box(const std::vector<double>& high) {
  std::vector<double> low;
  for (const double x : high) low.push_back(-x);
  nlohmann::ordered_json space;
  space["type"] = "Box";
  space["dtype"] = "float32";
  space["shape"] = {high.size()};
  space["low"] = low;
  space["high"] = high;
  return space;
}

}  // namespace

GymPendulum::GymPendulum(const GymPendulumOptions& options) : options_(options) {
  check_positive("g", options.g);
  check_positive("m", options.m);
  check_positive("l", options.l);
  check_positive("dt", options.dt);
  check_positive("max_speed", options.max_speed);
  check_positive("max_torque", options.max_torque);
  check_positive("max_episode_steps", options.max_episode_steps);
}

PendulumObservation GymPendulum::reset(std::uint64_t seed, double start_speed) {
  return reset(gym_initial_state(seed, start_speed));
}

PendulumObservation GymPendulum::reset(const PendulumState& start) {
  if (!std::isfinite(start.theta) || !std::isfinite(start.theta_dot)) {
    throw base::UsageError(fmt::format("pixel-pendulum: start ({}, {}); expected finite numbers",
                                       base::format_double(start.theta),
                                       base::format_double(start.theta_dot)));
  }
  state_ = start;
  last_torque_.reset();
  steps_ = 0;
  return observation();
}

PendulumStep GymPendulum::step(float action) {
  if (steps_ < 0) throw base::UsageError("pixel-pendulum: step before the first reset");
  if (steps_ >= options_.max_episode_steps) {
    throw base::UsageError(fmt::format(
        "pixel-pendulum: step after the episode ended at step {}; reset first", steps_));
  }
  if (std::isnan(action)) {
    throw base::UsageError("pixel-pendulum: the action is NaN; expected a torque in N m");
  }
  // the action and its products are float32, all else is double, in the order of pendulum.py
  const auto [g, m, l, dt, max_speed, max_torque, max_steps] = options_;
  const auto limit = static_cast<float>(max_torque);
  const float u = std::clamp(action, -limit, limit);
  const double angle = wrap(state_.theta);
  const double cost =
      squared(angle) + 0.1 * squared(state_.theta_dot) + static_cast<double>(0.001F * squared(u));

  const double gravity = 3 * g / (2 * l) * std::sin(state_.theta);
  const double drive = static_cast<double>(static_cast<float>(3.0 / (m * squared(l))) * u);
  const double speed = state_.theta_dot + (gravity + drive) * dt;
  state_.theta_dot = std::clamp(speed, -max_speed, max_speed);
  state_.theta = state_.theta + state_.theta_dot * dt;
  last_torque_ = static_cast<double>(u);
  ++steps_;
  return {.observation = observation(),
          .reward = -cost,
          .terminated = false,
          .truncated = steps_ == max_steps};
}

PendulumObservation GymPendulum::observation() const {
  return {static_cast<float>(std::cos(state_.theta)), static_cast<float>(std::sin(state_.theta)),
          static_cast<float>(state_.theta_dot)};
}

std::string GymPendulum::observation_space_json() const {
  return box({1.0, 1.0, options_.max_speed}).dump();
}

std::string GymPendulum::action_space_json() const { return box({options_.max_torque}).dump(); }

PendulumState gym_initial_state(std::uint64_t seed, double start_speed) {
  if (!std::isfinite(start_speed) || start_speed < 0) {
    throw base::UsageError(
        fmt::format("pixel-pendulum: start_speed = {}; expected a finite number of at least 0",
                    base::format_double(start_speed)));
  }
  Pcg64 random(seed);
  const double theta = random.uniform(-std::numbers::pi, std::numbers::pi);
  const double theta_dot = random.uniform(-start_speed, start_speed);
  return {.theta = theta, .theta_dot = theta_dot};
}

}  // namespace noether::sim
