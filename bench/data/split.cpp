#include "bench/data/split.h"

#include <fmt/format.h>

#include "base/error.h"

namespace noether::bench {

std::vector<std::int64_t> split_of(const dataset::DatasetFile& file, const std::string& name,
                                   std::int64_t limit) {
  const std::string array = "splits/" + name;
  const auto indices = file.read<std::int64_t>(array);
  for (const std::int64_t i : indices) {
    if (i >= 0 && i < limit) continue;
    throw base::DataError(fmt::format("'{}': '{}' holds the index {}, which must lie in [0, {})",
                                      file.h5().path().string(), array, i, limit));
  }
  return indices;
}

}  // namespace noether::bench
