#pragma once

#include <algorithm>

// Datasets that take milliseconds: enough blocks, trajectories and episodes to go wrong, no more.

#include <filesystem>

#include "dataset/make/catalogue.h"
#include "dataset/make/generate.h"
#include "dataset/make/recipe.h"

namespace noether::test {

inline dataset::Recipe recipe_of(const std::string& name, const dataset::Overrides& overrides) {
  return dataset::make_recipe(dataset::make_config(name, overrides));
}

// The file in memory.
inline dataset::DatasetFile made(const std::string& name, const dataset::Overrides& overrides) {
  return dataset::generate_in_memory(recipe_of(name, overrides), name);
}

// Springs in blocks of two, so that ten of them are five blocks.
inline dataset::Recipe small_springs(dataset::Overrides overrides = {}) {
  overrides.try_emplace("n", "10");
  overrides.try_emplace("steps", "5");
  auto recipe = recipe_of("spring", overrides);
  recipe.samples_per_block = 2;
  for (auto& array : recipe.layout.arrays)
    array.rows_per_chunk = std::min(array.rows_per_chunk, recipe.samples_per_block);
  return recipe;
}

// Three episodes of twenty steps in frames of 8 x 8: a block each, chunks of 16 and 5 frames.
inline dataset::Recipe small_episodes(dataset::Overrides overrides = {}) {
  overrides.try_emplace("n", "3");
  overrides.try_emplace("steps", "20");
  overrides.try_emplace("render_size", "8");
  return recipe_of("pixel-pendulum", overrides);
}

// Three films of two-body, five frames of 8 x 8 each.
inline dataset::Recipe small_films(dataset::Overrides overrides = {}) {
  overrides.try_emplace("n", "3");
  overrides.try_emplace("steps", "5");
  overrides.try_emplace("frames", "8");
  return recipe_of("two-body", overrides);
}

inline void generate(const dataset::Recipe& recipe, const std::filesystem::path& path) {
  dataset::generate(recipe, path, {.jobs = 1});
}

}  // namespace noether::test
