#pragma once

#include <cstdint>
#include <string>

#include "dataset/make/config.h"
#include "dataset/store/dataset_file.h"

namespace noether::bench {

// A dataset generated for one run of a table, in memory, with the numbers of the file that
// `noether generate` makes: the defaults of the dataset `name` but for these and the seed. Throws
// UsageError and NumericalError as that command.
dataset::DatasetFile generated_dataset(const std::string& name, dataset::Overrides overrides,
                                       std::uint64_t seed);

}  // namespace noether::bench
