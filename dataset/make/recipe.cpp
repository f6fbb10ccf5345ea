#include "dataset/make/recipe.h"

#include "dataset/make/catalogue.h"
#include "dataset/make/episode_recipe.h"
#include "dataset/make/trajectory_recipe.h"

namespace noether::dataset {

Recipe make_recipe(const Config& config) {
  return config.name() == pixel_pendulum ? episode_recipe(plan_episodes(config))
                                         : trajectory_recipe(plan_trajectories(config));
}

}  // namespace noether::dataset
