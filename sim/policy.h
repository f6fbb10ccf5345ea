#pragma once

// What drives the pendulum while data are recorded.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/gym_pendulum.h"

namespace noether::sim {

// A rule from observation to torque; one object drives one episode.
class Policy {
 public:
  virtual ~Policy() = default;
  virtual float act(const PendulumObservation& observation) = 0;  // N m, within +-max_torque
  virtual std::string name() const = 0;                           // as recorded with the episode
};

struct PolicyInfo {
  std::string name;
  std::string description;
};

// random: a uniform draw each step; held-random: a draw held for 10 steps; swing-up: energy shaping
// towards the upright, then a linear regulator near it; wandering: u_t = 0.8 u_{t-1} + N(0, 1),
// clipped; mixed: one of the first three, drawn for each episode with shares stated in its
// description.
const std::vector<PolicyInfo>& all_policies();

// The policy of episode `index`: what it draws is a function of (name, seed, index). Throws
// UsageError for an unknown name.
std::unique_ptr<Policy> make_policy(std::string_view name, const GymPendulumOptions& options,
                                    std::uint64_t seed, std::int64_t index);

}  // namespace noether::sim
