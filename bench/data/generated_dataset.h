#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "dataset/make/config.h"
#include "dataset/store/dataset_file.h"

namespace noether::bench {

// A dataset generated for one run of a table, in memory, with the numbers of the file that
// `noether generate` makes: the defaults of the dataset `name` but for these and the seed. Throws
// UsageError and NumericalError as that command.
dataset::DatasetFile generated_dataset(const std::string& name, dataset::Overrides overrides,
                                       std::uint64_t seed);

struct KeepOptions {
  std::filesystem::path folder = {};  // made where it is missing; empty: nothing is kept
  int jobs = 1;                       // threads; never changes a byte
  // told how many of `total` blocks are done, where a run is resumed first in "reading what was
  // made", then in "generating"
  std::function<void(const char* phase, std::int64_t done, std::int64_t total)> on_progress = {};
};

// The same dataset as a file in `folder`, for data that take long to make: the first call generates
// it, and later ones open it. Its name says all that decides its bytes: "pixel-pendulum-" and the
// SHA-256 of its configuration and of this build. A call that was killed, or for which the disk was
// full, is gone on with by the next. Where another thread or process is making the file, it waits.
// Throws also DataError where the folder cannot be written or the file is damaged, and Interrupted.
dataset::DatasetFile kept_dataset(const std::string& name, const dataset::Overrides& overrides,
                                  std::uint64_t seed, const KeepOptions& options);

}  // namespace noether::bench
