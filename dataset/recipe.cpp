#include "dataset/recipe.h"

#include "dataset/catalogue.h"
#include "dataset/episode_recipe.h"
#include "dataset/trajectory_recipe.h"

namespace noether::dataset {

Recipe make_recipe(const Config& config) {
  return config.name() == pixel_pendulum ? episode_recipe(plan_episodes(config))
                                         : trajectory_recipe(plan_trajectories(config));
}

}  // namespace noether::dataset
