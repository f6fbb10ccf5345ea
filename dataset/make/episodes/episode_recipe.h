#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dataset/make/recipe.h"
#include "sim/gym_pendulum.h"

namespace noether::dataset {

// All that decides a dataset of episodes.
struct EpisodePlan {
  std::string system;  // "pixel-pendulum"
  sim::GymPendulumOptions environment;
  std::string policy;
  double start_speed = sim::gym_start_speed;  // rad/s, largest of the sampled starts
  int render_size_px = 64;
  std::uint64_t seed = 0;
  std::int64_t samples = 0;  // E
  double train_share = 0;
  double valid_share = 0;
  Statement statement;
  // given starts (E, 2) and actions (E, T, 1); else those of reset(seed of the episode) and the
  // policy
  std::optional<std::vector<double>> initial_states;
  std::optional<std::vector<float>> actions;
};

EpisodePlan plan_episodes(const Config& config);
Recipe episode_recipe(const EpisodePlan& plan);

// The seed of episode i, as Gymnasium's reset(seed=...) takes it: 63 random bits, so that datasets
// of different seeds share no episode.
std::uint64_t episode_seed(std::uint64_t seed, std::int64_t episode);

}  // namespace noether::dataset
