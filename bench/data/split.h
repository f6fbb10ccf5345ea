#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/store/dataset_file.h"

namespace noether::bench {

// The indices of splits/`name`; throws DataError where one is not in [0, limit).
std::vector<std::int64_t> split_of(const dataset::DatasetFile& file, const std::string& name,
                                   std::int64_t limit);

}  // namespace noether::bench
