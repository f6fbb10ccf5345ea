#pragma once

// The settings of a training: all that decides a model, except its data and the model that it
// starts from. They are settings as a dataset has them (dataset/make/config.h). Each is a flag of
// `train`, a --set key, a line of a TOML file, and a line of the configuration in the model file.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "bench/model/checkpoint.h"
#include "bench/model/tailoring.h"
#include "dataset/make/config.h"
#include "learn/models/standardisation.h"

namespace noether::bench {

std::vector<dataset::SettingSpec> settings_of_training();

// Those of them that say what is conserved, and by which inner step. `evaluate` has them too.
std::vector<dataset::SettingSpec> settings_of_tailoring();

// The defaults, which a model that learns from trajectories has of its own, with `overrides`; where
// something is conserved, `layers` is what it means for the inner step. The origins that the
// configuration in a model file begins with are left out. Throws UsageError for settings that do
// not exist, or do not go together.
dataset::Config training_config(dataset::Overrides overrides);

// The same for a start from `other`, read from `path`: its network. Throws UsageError where
// `overrides` name another.
dataset::Config training_config_from(const Checkpoint& other, const std::filesystem::path& path,
                                     dataset::Overrides overrides);

// What a configuration says. `dimension` is the number of coordinates.
learn::FieldModelPtr model_of(const dataset::Config& config, std::int64_t dimension);
learn::DType dtype_of(const dataset::Config& config);
learn::Training training_of(const dataset::Config& config);

// What the points and derivatives of the task are standardised by; nothing where they are not.
std::optional<learn::Standardisation> units_of(const dataset::Config& config, const Task& task);

// Throws UsageError where what the model learns from is to be denoised by derivatives that it does
// not know.
void check_learns_from(const dataset::Config& config, const Task& task);

// Throws UsageError for settings of tailoring that do not go together; needs no data.
void check_tailoring(const dataset::Config& config);

// Nothing where nothing is to be conserved. Throws UsageError where the coordinates of the task
// have no such quantity, or where it is constant at all of `points` [n, d].
std::optional<Tailoring> tailoring_of(const dataset::Config& config, const Task& task,
                                      const learn::Tensor& points);

}  // namespace noether::bench
