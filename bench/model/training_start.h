#pragma once

// How a training begins: everything that its model file says before the first step.

#include <filesystem>

#include "bench/data/task.h"
#include "bench/model/checkpoint.h"
#include "dataset/make/config.h"

namespace noether::bench {

// From new weights. Throws UsageError where the model cannot be tailored, or the data have no such
// quantity to conserve.
Checkpoint training_start(const dataset::Config& config, const Task& task);

// From the network and the weights of `other`, read from `path`; its training is of no concern.
// `config` is that of training_config_from; with its units_of the weights are unfolded. Throws as
// above.
Checkpoint training_start_from(const Checkpoint& other, const std::filesystem::path& path,
                               const dataset::Config& config, const Task& task);

}  // namespace noether::bench
