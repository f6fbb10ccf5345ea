#include "dataset/make/kind.h"

#include <fmt/format.h>

#include "base/error.h"
#include "dataset/make/episodes/episode_kind.h"
#include "dataset/make/episodes/film_kind.h"
#include "dataset/make/trajectories/trajectory_kind.h"

namespace noether::dataset {

const std::vector<Kind>& all_kinds() {
  static const std::vector<Kind> kinds{trajectory_kind(), episode_kind(), film_kind(),
                                       recording_kind()};
  return kinds;
}

const Making& making_of(const DatasetSpec& spec) {
  for (const Kind& kind : all_kinds()) {
    if (kind.schema == spec.schema && kind.making) return *kind.making;
  }
  throw base::UsageError(fmt::format("'{}' cannot be generated", spec.name));
}

const Kind& kind_of(const DatasetFile& file) {
  const Kind* best = nullptr;
  for (const Kind& kind : all_kinds()) {
    if (kind.schema != file.schema() || kind.has_actions != file.has_actions()) continue;
    // one that is meant for this system goes before one for any
    if (kind.system == file.text("system")) return kind;
    if (kind.system.empty() && best == nullptr) best = &kind;
  }
  if (best == nullptr) {
    throw base::DataError(fmt::format("'{}': nothing is known of files of the schema '{}'",
                                      file.h5().path().string(), file.schema()));
  }
  return *best;
}

}  // namespace noether::dataset
