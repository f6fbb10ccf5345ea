#include "bench/data/generated_dataset.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/sha256.h"
#include "dataset/make/catalogue.h"
#include "dataset/make/generate.h"
#include "dataset/make/provenance.h"

namespace noether::bench {
namespace {

namespace fs = std::filesystem;

dataset::Recipe recipe_of(const std::string& name, dataset::Overrides overrides,
                          std::uint64_t seed) {
  overrides["seed"] = std::to_string(seed);
  return dataset::make_recipe(dataset::make_config(name, overrides));
}

void make_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    throw base::DataError(
        fmt::format("the folder '{}' cannot be made: {}", folder.string(), failure.message()));
  }
}

}  // namespace

dataset::DatasetFile generated_dataset(const std::string& name, dataset::Overrides overrides,
                                       std::uint64_t seed) {
  return dataset::generate_in_memory(recipe_of(name, std::move(overrides), seed),
                                     fmt::format("{}, generated with seed {}", name, seed));
}

dataset::DatasetFile kept_dataset(const std::string& name, const dataset::Overrides& overrides,
                                  std::uint64_t seed, const KeepOptions& options) {
  if (options.folder.empty()) return generated_dataset(name, overrides, seed);
  const dataset::Recipe recipe = recipe_of(name, overrides, seed);
  const std::string digest = base::sha256_hex(recipe.config_toml + dataset::build_json());
  const fs::path path = options.folder / fmt::format("{}-{}.h5", name, digest.substr(0, 16));
  make_folder(options.folder);
  dataset::generate(
      recipe, path,
      {.jobs = options.jobs, .resume = true, .waits = true, .on_progress = options.on_progress});
  return dataset::DatasetFile(path);
}

}  // namespace noether::bench
