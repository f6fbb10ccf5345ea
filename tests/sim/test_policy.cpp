#include "sim/policy.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "base/error.h"

namespace noether::sim {
namespace {

// The torques of one episode from the start of seed 0.
std::vector<float> torques(std::string_view name, std::uint64_t seed, std::int64_t index) {
  GymPendulum pendulum;
  PendulumObservation observation = pendulum.reset(std::uint64_t{0});
  const auto policy = make_policy(name, pendulum.options(), seed, index);
  std::vector<float> result;
  for (int n = 0; n < 200; ++n) {
    result.push_back(policy->act(observation));
    observation = pendulum.step(result.back()).observation;
  }
  return result;
}

// Whether swing-up holds the pendulum upright over the last 20 steps of the episode of this seed.
bool balances(std::uint64_t seed) {
  GymPendulum pendulum;
  PendulumObservation observation = pendulum.reset(seed);
  const auto policy = make_policy("swing-up", pendulum.options(), 0, 0);
  bool upright = true;
  for (int n = 0; n < 200; ++n) {
    observation = pendulum.step(policy->act(observation)).observation;
    if (n >= 180) upright = upright && observation[0] > 0.99F && std::abs(observation[2]) < 0.2F;
  }
  return upright;
}

}  // namespace

TEST_CASE("swing-up swings up and balances from most starts", "[sim][policy]") {
  int balanced = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) balanced += balances(seed) ? 1 : 0;
  INFO(balanced << " of 200");
  // 10 s suffice for all but starts that meet the top too fast at the wrong moment
  CHECK(balanced >= 190);
}

TEST_CASE("random torques are uniform within the limit", "[sim][policy]") {
  std::vector<float> all;
  for (std::int64_t index = 0; index < 20; ++index) {
    const auto one = torques("random", 1, index);
    all.insert(all.end(), one.begin(), one.end());
  }
  const auto [least, greatest] = std::ranges::minmax(all);
  CHECK((least >= -2 && greatest <= 2));
  // 4000 draws: one within 1 % of each end but for 1e-9, a mean within five standard deviations
  CHECK((least < -1.98F && greatest > 1.98F));
  double sum = 0;
  for (const float torque : all) sum += static_cast<double>(torque);
  CHECK(std::abs(sum / 4000) < 5 * 2 / std::sqrt(3 * 4000.0));
}

TEST_CASE("held-random torques change every ten steps", "[sim][policy]") {
  const auto held = torques("held-random", 1, 0);
  for (std::size_t n = 1; n < held.size(); ++n) {
    if (n % 10 == 0) CHECK(held[n] != held[n - 1]);
    if (n % 10 != 0) CHECK(held[n] == held[n - 1]);
  }
}

TEST_CASE("wandering torques are four fifths of the last plus a normal number, clipped",
          "[sim][policy]") {
  constexpr int steps = 4000;
  // what is drawn shows where the limit is far away
  const auto free = make_policy("wandering", {.max_torque = 1e6}, 1, 0);
  const auto clipped = make_policy("wandering", {}, 1, 0);
  double last_free = 0, last = 0, sum = 0, squares = 0;
  int at_limit = 0;
  for (int n = 0; n < steps; ++n) {
    const auto torque = static_cast<double>(free->act({}));
    const double drawn = torque - 0.8 * last_free;
    last_free = torque;
    last = std::clamp(0.8 * last + drawn, -2.0, 2.0);
    // torques are float32: 2^-24 of at most 2, and of `drawn` as much again with its feedback
    CHECK(static_cast<double>(clipped->act({})) == Approx(last).margin(2e-6).epsilon(0));
    at_limit += std::abs(last) == 2 ? 1 : 0;
    sum += drawn;
    squares += drawn * drawn;
  }
  CHECK(at_limit > steps / 10);
  CHECK(at_limit < steps / 2);
  // five standard deviations
  CHECK(std::abs(sum / steps) < 5 / std::sqrt(steps));
  CHECK(std::abs(squares / steps - 1) < 5 * std::sqrt(2.0 / steps));
}

TEST_CASE("a policy's draws are a function of name, seed and index", "[sim][policy]") {
  for (const char* name : {"random", "held-random", "wandering"}) {
    CHECK(torques(name, 1, 4) == torques(name, 1, 4));
    CHECK(torques(name, 1, 4) != torques(name, 1, 5));
    CHECK(torques(name, 1, 4) != torques(name, 2, 4));
  }
}

TEST_CASE("mixed gives each policy its stated share and records which", "[sim][policy]") {
  std::map<std::string, int> counts;
  constexpr std::int64_t episodes = 4000;
  for (std::int64_t index = 0; index < episodes; ++index) {
    ++counts[make_policy("mixed", {}, 9, index)->name()];
  }
  // five standard deviations of 27 and 32
  CHECK(std::abs(counts["random"] - 1000) < 137);
  CHECK(std::abs(counts["held-random"] - 1000) < 137);
  CHECK(std::abs(counts["swing-up"] - 2000) < 158);
  CHECK(counts.size() == 3);
}

TEST_CASE("every listed policy keeps within the torque limit", "[sim][policy]") {
  for (const PolicyInfo& info : all_policies()) {
    INFO(info.name);
    for (const float torque : torques(info.name, 2, 1)) CHECK(std::abs(torque) <= 2);
  }
}

TEST_CASE("an unknown policy is refused", "[sim][policy]") {
  CHECK_THROWS_WITH(make_policy("randon", {}, 0, 0), Catch::Contains("did you mean 'random'?"));
  CHECK_THROWS_AS(make_policy("randon", {}, 0, 0), base::UsageError);
}

}  // namespace noether::sim
