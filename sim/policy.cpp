#include "sim/policy.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

namespace noether::sim {
namespace {

class RandomPolicy : public Policy {
 public:
  // Each draw is held for `hold` steps.
  RandomPolicy(std::string name, int hold, double max_torque, base::RandomStream random)
      : name_(std::move(name)), hold_(hold), max_torque_(max_torque), random_(random) {}

  float act(const PendulumObservation& /*observation*/) override {
    if (step_++ % hold_ == 0) {
      torque_ = static_cast<float>(random_.uniform(-max_torque_, max_torque_));
    }
    return torque_;
  }
  std::string name() const override { return name_; }

 private:
  std::string name_;
  int hold_;
  double max_torque_;
  base::RandomStream random_;
  int step_ = 0;
  float torque_ = 0;
};

// u_t = clip(0.8 u_{t-1} + N(0, 1)), from u_{-1} = 0: torques that last for some steps, and reach
// all of the range.
class WanderingPolicy : public Policy {
 public:
  WanderingPolicy(double max_torque, base::RandomStream random)
      : max_torque_(max_torque), random_(random) {}

  float act(const PendulumObservation& /*observation*/) override {
    torque_ = std::clamp(0.8 * torque_ + random_.normal(), -max_torque_, max_torque_);
    return static_cast<float>(torque_);
  }
  std::string name() const override { return "wandering"; }

 private:
  double max_torque_;
  base::RandomStream random_;
  double torque_ = 0;
};

// Energy shaping after Astrom and Furuta, "Swinging up a pendulum by energy control", Automatica
// 36:287 (2000), and a linear regulator where the torque is enough to hold the pendulum. With
// theta'' = w^2 sin theta + b u, the energy theta'^2 / 2 + w^2 cos theta is w^2 at the top, and its
// rate is b u theta'.
class SwingUpPolicy : public Policy {
 public:
  explicit SwingUpPolicy(const GymPendulumOptions& options)
      : max_torque_(options.max_torque),
        frequency_(std::sqrt(3 * options.g / (2 * options.l))),
        drive_(3 / (options.m * options.l * options.l)) {}

  float act(const PendulumObservation& observation) override {
    const double theta = std::atan2(observation[1], observation[0]);
    const double theta_dot = observation[2];
    const double torque =
        near_upright(theta, theta_dot) ? regulate(theta, theta_dot) : pump(theta, theta_dot);
    return static_cast<float>(std::clamp(torque, -max_torque_, max_torque_));
  }
  std::string name() const override { return "swing-up"; }

 private:
  // The falling part of the motion near the top is theta + theta' / w; the torque can stop it below
  // b max_torque / w^2, and a tenth is left as margin.
  bool near_upright(double theta, double theta_dot) const {
    const double falling = theta + theta_dot / frequency_;
    const double stoppable = drive_ * max_torque_ / (frequency_ * frequency_);
    return std::abs(theta) < 1 && std::abs(falling) < 0.9 * stoppable;
  }

  // theta'' = -w^2 theta - 2 w theta': critically damped
  double regulate(double theta, double theta_dot) const {
    return -(2 * frequency_ * frequency_ * theta + 2 * frequency_ * theta_dot) / drive_;
  }

  // the torque that brings the missing energy, along the motion; at rest, to the positive side
  double pump(double theta, double theta_dot) const {
    const double square = frequency_ * frequency_;
    const double missing = square - (theta_dot * theta_dot / 2 + square * std::cos(theta));
    return theta_dot < 0 ? -missing : missing;
  }

  double max_torque_;
  double frequency_;  // w, rad/s
  double drive_;      // b, 1/(kg m^2)
};

// Which of its three an episode of `mixed` gets.
std::string draw_name(std::uint64_t seed, std::uint64_t index) {
  const double draw = base::RandomStream(seed, base::Purpose::policy, index).uniform();
  return draw < 0.25 ? "random" : draw < 0.5 ? "held-random" : "swing-up";
}

}  // namespace

const std::vector<PolicyInfo>& all_policies() {
  static const std::vector<PolicyInfo> policies = {
      {"random", "a uniform torque at each step"},
      {"held-random", "a uniform torque, drawn anew every 10 steps"},
      {"swing-up", "energy shaping towards the upright, a linear regulator near it"},
      {"wandering", "0.8 times the last torque plus N(0, 1) N m, clipped"},
      {"mixed", "by episode: random 25 %, held-random 25 %, swing-up 50 %"},
  };
  return policies;
}

std::unique_ptr<Policy> make_policy(std::string_view name, const GymPendulumOptions& options,
                                    std::uint64_t seed, std::int64_t index) {
  const auto episode = static_cast<std::uint64_t>(index);
  if (name == "mixed") return make_policy(draw_name(seed, episode), options, seed, index);
  const base::RandomStream random(seed, base::Purpose::action, episode);
  const double max_torque = options.max_torque;
  if (name == "random") return std::make_unique<RandomPolicy>("random", 1, max_torque, random);
  if (name == "held-random") {
    return std::make_unique<RandomPolicy>("held-random", 10, max_torque, random);
  }
  if (name == "wandering") return std::make_unique<WanderingPolicy>(max_torque, random);
  if (name == "swing-up") return std::make_unique<SwingUpPolicy>(options);
  std::vector<std::string> known;
  for (const PolicyInfo& policy : all_policies()) known.push_back(policy.name);
  throw base::UsageError(base::unknown_name("policy", name, known));
}

}  // namespace noether::sim
