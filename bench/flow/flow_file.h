#pragma once

// Training a flow into a file, with settings as those of other models
// (bench/model/training_settings.h): in --set, TOML and the model file.

#include <filesystem>
#include <vector>

#include "bench/data/points.h"
#include "bench/model/training_file.h"
#include "dataset/make/config.h"
#include "learn/models/flow.h"

namespace noether::bench {

// Where nothing was said: flow matching, from new weights.
std::vector<dataset::SettingSpec> settings_of_flow();

// The defaults of the objective with `overrides`. The origins that the configuration in a model
// file begins with are left out. Throws UsageError for settings that do not exist.
dataset::Config flow_config(dataset::Overrides overrides);

// The same for a start from `other`, read from `path`: its network; fewer and smaller steps by
// default. Throws UsageError where `overrides` name another network, DataError where `other` is no
// flow.
dataset::Config flow_config_from(const Checkpoint& other, const std::filesystem::path& path,
                                 dataset::Overrides overrides);

// Everything that the model file says before the first step: new weights, in units of the train
// points' mean and standard deviation.
Checkpoint flow_start(const dataset::Config& config, const Points& points);

// From the weights and the units of `other`, read from `path`. Throws DataError where the points
// have other coordinates.
Checkpoint flow_start_from(const Checkpoint& other, const std::filesystem::path& path,
                           const dataset::Config& config, const Points& points);

// Minimises what the configuration says, on points drawn from the train split at every step, as
// train_into_file.
Checkpoint run_flow_training(const Checkpoint& start, const dataset::Config& config,
                             const Points& points, const std::filesystem::path& path,
                             const TrainingRunOptions& options);

// Whether the model has learned from states, not from observations.
bool is_noise_free(const Checkpoint& checkpoint);

// The model of a checkpoint; throws DataError where it is no flow.
const learn::Flow& flow_of(const Checkpoint& checkpoint);

}  // namespace noether::bench
