#include "bench/data/generated_dataset.h"

#include <fmt/format.h>

#include "dataset/make/catalogue.h"
#include "dataset/make/generate.h"

namespace noether::bench {

dataset::DatasetFile generated_dataset(const std::string& name, dataset::Overrides overrides,
                                       std::uint64_t seed) {
  overrides["seed"] = std::to_string(seed);
  return dataset::generate_in_memory(dataset::make_recipe(dataset::make_config(name, overrides)),
                                     fmt::format("{}, generated with seed {}", name, seed));
}

}  // namespace noether::bench
