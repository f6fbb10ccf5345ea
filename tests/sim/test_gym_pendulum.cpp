#include "sim/gym_pendulum.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <span>

#include "base/error.h"
#include "tests/support/hdf5_read.h"
#include "tests/support/reference.h"

namespace noether::sim {
namespace {

constexpr std::size_t steps = 200;

// The recorded episodes, as flat arrays (episode, step).
struct Recording {
  std::vector<std::int64_t> seed;
  std::vector<float> action;
  std::vector<double> theta;
  std::vector<double> theta_dot;
  std::vector<float> observation;
  std::vector<double> reward;
};

Recording recording() {
  const auto file = test::reference_file("gymnasium_pendulum_v1.h5");
  return {.seed = test::read_dataset<std::int64_t>(file, "seed"),
          .action = test::read_dataset<float>(file, "action"),
          .theta = test::read_dataset<double>(file, "theta"),
          .theta_dot = test::read_dataset<double>(file, "theta_dot"),
          .observation = test::read_dataset<float>(file, "observation"),
          .reward = test::read_dataset<double>(file, "reward")};
}

// How many of the numbers of a step differ from the recorded ones, bit by bit but for signed zeros.
int mismatches(const Recording& truth, std::size_t episode, std::size_t after,
               const GymPendulum& pendulum, const PendulumObservation& seen) {
  const std::size_t row = episode * (steps + 1) + after;
  int count = pendulum.state().theta == truth.theta[row] ? 0 : 1;
  count += pendulum.state().theta_dot == truth.theta_dot[row] ? 0 : 1;
  for (std::size_t d = 0; d < 3; ++d) count += seen[d] == truth.observation[3 * row + d] ? 0 : 1;
  return count;
}

}  // namespace

TEST_CASE("recorded Gymnasium episodes are reproduced bit for bit, free-running",
          "[sim][gym_pendulum][reference]") {
  const Recording truth = recording();
  REQUIRE(truth.action.size() == 12 * steps);
  for (std::size_t e = 0; e < 12; ++e) {
    GymPendulum pendulum;
    int wrong = mismatches(truth, e, 0, pendulum,
                           pendulum.reset(static_cast<std::uint64_t>(truth.seed[e])));
    for (std::size_t n = 0; n < steps; ++n) {
      const PendulumStep step = pendulum.step(truth.action[e * steps + n]);
      wrong += step.reward == truth.reward[e * steps + n] ? 0 : 1;
      wrong += mismatches(truth, e, n + 1, pendulum, step.observation);
      wrong += step.terminated || step.truncated != (n + 1 == steps) ? 1 : 0;
    }
    INFO("episode " << e);
    CHECK(wrong == 0);
  }
}

TEST_CASE("recorded Gymnasium transitions are reproduced bit for bit, one by one",
          "[sim][gym_pendulum][reference]") {
  const Recording truth = recording();
  int wrong = 0;
  for (std::size_t e = 0; e < 12; ++e) {
    for (std::size_t n = 0; n < steps; ++n) {
      const std::size_t row = e * (steps + 1) + n;
      GymPendulum pendulum;
      pendulum.reset(PendulumState{truth.theta[row], truth.theta_dot[row]});
      const PendulumStep step = pendulum.step(truth.action[e * steps + n]);
      wrong += step.reward == truth.reward[e * steps + n] ? 0 : 1;
      wrong += mismatches(truth, e, n + 1, pendulum, step.observation);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("seed 0 starts where Gymnasium's seed 0 starts", "[sim][gym_pendulum]") {
  const PendulumState start = gym_initial_state(0);
  // the documented values have eight digits
  CHECK(start.theta == Approx(0.86055566).margin(5e-9).epsilon(0));
  CHECK(start.theta_dot == Approx(-0.46042657).margin(5e-9).epsilon(0));
}

TEST_CASE("a start speed spreads the speeds of the starts and leaves the angles",
          "[sim][gym_pendulum]") {
  double fastest = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const PendulumState slow = gym_initial_state(seed);
    const PendulumState same = gym_initial_state(seed, 1);
    CHECK((same.theta == slow.theta && same.theta_dot == slow.theta_dot));
    const PendulumState fast = gym_initial_state(seed, 4);
    CHECK(fast.theta == slow.theta);
    CHECK(fast.theta_dot == 4 * slow.theta_dot);  // a power of two changes no digit
    fastest = std::max(fastest, std::abs(fast.theta_dot));
    GymPendulum pendulum;
    pendulum.reset(seed, 4);
    CHECK(pendulum.state().theta_dot == fast.theta_dot);
  }
  CHECK(fastest > 3.9);  // but for 0.975^200 = 6e-3
  CHECK(gym_initial_state(3, 0).theta_dot == 0);
  CHECK_THROWS_WITH(gym_initial_state(0, -1), Catch::Contains("start_speed = -1.0"));
  CHECK_THROWS_AS(gym_initial_state(0, NAN), base::UsageError);
}

TEST_CASE("the angle moves with the new speed", "[sim][gym_pendulum]") {
  GymPendulum pendulum;
  pendulum.reset(PendulumState{0.3, -0.2});
  const auto step = pendulum.step(1.5F);
  const auto [theta, theta_dot] = pendulum.state();
  CHECK(theta_dot == -0.2 + (15 * std::sin(0.3) + 4.5) * 0.05);
  CHECK(theta == 0.3 + theta_dot * 0.05);
  CHECK(step.observation[0] == static_cast<float>(std::cos(theta)));
  CHECK(step.observation[1] == static_cast<float>(std::sin(theta)));
  CHECK(step.observation[2] == static_cast<float>(theta_dot));
}

TEST_CASE("torque and speed are clipped", "[sim][gym_pendulum]") {
  const bool holds = rc::check([] {
    const double theta = *rc::gen::inRange(-4000, 4000) * 1e-3;
    const double theta_dot = *rc::gen::inRange(-8000, 8001) * 1e-3;
    const float action = static_cast<float>(*rc::gen::inRange(-5000, 5001)) * 1e-3F;
    GymPendulum free;
    GymPendulum clipped;
    free.reset(PendulumState{theta, theta_dot});
    clipped.reset(PendulumState{theta, theta_dot});
    const auto step = free.step(action);
    RC_ASSERT(step.reward == clipped.step(std::clamp(action, -2.0F, 2.0F)).reward);
    RC_ASSERT(free.state().theta == clipped.state().theta);
    RC_ASSERT(std::abs(free.state().theta_dot) <= 8);
    RC_ASSERT(std::abs(*free.last_torque()) <= 2);
    // the largest cost: pi^2 + 0.1 * 64 + 0.001 * 4
    RC_ASSERT(step.reward <= 0 && step.reward >= -16.2736045);
  });
  CHECK(holds);
  GymPendulum fast;
  fast.reset(PendulumState{std::numbers::pi / 2, 7.9});
  fast.step(2);
  CHECK(fast.state().theta_dot == 8);
}

TEST_CASE("the reward is that of the old state with its angle wrapped", "[sim][gym_pendulum]") {
  const auto reward = [](double theta) {
    GymPendulum pendulum;
    pendulum.reset(PendulumState{theta, 0.5});
    return pendulum.step(0).reward;
  };
  // to wrap the angle, and each turn, costs the rounding of 2 pi
  CHECK(reward(0.2) == Approx(-(0.04 + 0.025)).epsilon(1e-13));
  CHECK(reward(0.2 + 2 * std::numbers::pi) == Approx(reward(0.2)).epsilon(1e-13));
  CHECK(reward(0.2 - 6 * std::numbers::pi) == Approx(reward(0.2)).epsilon(1e-13));
}

TEST_CASE("an episode is truncated after 200 steps and then needs a reset", "[sim][gym_pendulum]") {
  GymPendulum pendulum;
  pendulum.reset(std::uint64_t{3});
  for (int n = 1; n < 200; ++n) REQUIRE_FALSE(pendulum.step(0).truncated);
  const auto last = pendulum.step(0);
  CHECK(last.truncated);
  CHECK_FALSE(last.terminated);
  CHECK_THROWS_WITH(pendulum.step(0), Catch::Contains("reset first"));
  pendulum.reset(std::uint64_t{3});
  CHECK_FALSE(pendulum.last_torque().has_value());
  CHECK_NOTHROW(pendulum.step(0));
}

TEST_CASE("steps and options that make no sense are refused", "[sim][gym_pendulum]") {
  GymPendulum pendulum;
  CHECK_THROWS_WITH(pendulum.step(0), Catch::Contains("before the first reset"));
  pendulum.reset(std::uint64_t{0});
  CHECK_THROWS_AS(pendulum.step(NAN), base::UsageError);
  CHECK_THROWS_AS(pendulum.reset(PendulumState{NAN, 0}), base::UsageError);
  CHECK_THROWS_WITH(GymPendulum({.dt = 0}),
                    "pixel-pendulum: dt = 0.0; expected a finite number above 0");
  CHECK_THROWS_AS(GymPendulum({.m = -1}), base::UsageError);
  CHECK_THROWS_AS(GymPendulum({.max_episode_steps = 0}), base::UsageError);
}

TEST_CASE("without torque and with a small step the rod keeps its energy", "[sim][gym_pendulum]") {
  // theta'^2 / 2 + (3 g / 2 l) cos theta; semi-implicit Euler errs by O(dt), here 1e-4 * 15 * 8
  GymPendulum pendulum(
      {.g = 9.81, .m = 2, .l = 0.7, .dt = 1e-4, .max_speed = 100, .max_episode_steps = 100000});
  const auto energy = [&] {
    const auto [theta, theta_dot] = pendulum.state();
    return theta_dot * theta_dot / 2 + 3 * 9.81 / (2 * 0.7) * std::cos(theta);
  };
  pendulum.reset(PendulumState{1.0, 0.5});
  const double before = energy();
  double worst = 0;
  for (int n = 0; n < 50000; ++n) {
    pendulum.step(0);
    worst = std::max(worst, std::abs(energy() - before));
  }
  CHECK(worst > 0);
  CHECK(worst < 0.012);
}

TEST_CASE("the spaces read as Gymnasium's boxes", "[sim][gym_pendulum]") {
  const GymPendulum pendulum;
  const auto observation = nlohmann::json::parse(pendulum.observation_space_json());
  CHECK(observation == nlohmann::json{{"type", "Box"},
                                      {"dtype", "float32"},
                                      {"shape", {3}},
                                      {"low", {-1.0, -1.0, -8.0}},
                                      {"high", {1.0, 1.0, 8.0}}});
  const auto action = nlohmann::json::parse(pendulum.action_space_json());
  CHECK(
      action ==
      nlohmann::json{
          {"type", "Box"}, {"dtype", "float32"}, {"shape", {1}}, {"low", {-2.0}}, {"high", {2.0}}});
}

}  // namespace noether::sim
