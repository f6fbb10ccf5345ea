#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dataset/make/recipe.h"
#include "render/films/film.h"
#include "sim/integrator.h"
#include "sim/system.h"

namespace noether::dataset {

// All that decides a state dataset.
struct TrajectoryPlan {
  const sim::System* system = nullptr;
  std::vector<base::Uniform> constants;  // of the system, in its order
  // of a rollout: by their names, (N) each, in place of those above
  std::map<std::string, std::vector<double>> given_constants = {};
  std::vector<double> sampling;
  std::vector<double> times;  // (T)
  sim::Integration integration;
  double noise_std = 0;
  std::uint64_t seed = 0;
  std::int64_t samples = 0;
  double train_share = 0;
  double valid_share = 0;
  Statement statement;
  std::optional<std::vector<double>> initial_states;  // (N, D); else they are sampled from the seed
  std::optional<render::FilmOptions> film = {};       // else there is none
  const render::Scene* scene = nullptr;               // of the system, where it has one
};

TrajectoryPlan plan_trajectories(const Config& config);
Recipe trajectory_recipe(const TrajectoryPlan& plan);

}  // namespace noether::dataset
