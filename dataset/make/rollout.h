#pragma once

// Integrating starts that a user gives, instead of sampled ones.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "dataset/make/recipe.h"

namespace noether::dataset {

// The recipe of a rollout of the HDF5 file `input`. Trajectories: it integrates `initial_state` (N,
// D), which a dataset has in its group, over `time` (T), with the constants `parameters/NAME` (N)
// that it holds. Episodes: it plays `actions` (E, T, 1) from `initial_state` (E, 2). `overrides`
// may set whatever does not come from the file (constants, integrator, rtol, atol, render_size,
// ...). Observations are noise-free unless noise_std is given. Throws UsageError, DataError where
// the file lacks an array or holds one of another type, rank or extent, or a NaN.
//
// The starts that are keys of `left_out` are left out.
Recipe rollout_recipe(std::string_view system, const std::filesystem::path& input,
                      Overrides overrides,
                      const std::map<std::int64_t, std::string>& left_out = {});

// The recipe that made a file, from what the file says of itself: its configuration and, after a
// rollout, its starts and actions. Throws DataError where it was not made by this program.
class DatasetFile;
Recipe recipe_of_file(const DatasetFile& file);

}  // namespace noether::dataset
