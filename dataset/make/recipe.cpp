#include "dataset/make/recipe.h"

#include "dataset/make/catalogue.h"

namespace noether::dataset {

Statement generated(const Config& config) {
  return {.dataset_name = "noether/" + config.name(),
          .command_line = config.command_line(),
          .config_toml = config.to_toml()};
}

Recipe make_recipe(const Config& config) {
  return making_of(find_dataset(config.name())).recipe(config);
}

}  // namespace noether::dataset
