#include "cli/commands/table_run.h"

#include <fmt/format.h>

#include <memory>

#include "base/progress.h"
#include "cli/warning.h"

namespace noether::cli {

bench::TableResult run_with_progress(const bench::Experiment& experiment,
                                     const bench::TableOptions& options) {
  std::unique_ptr<base::Progress> bar;
  const auto on_progress = [&](const bench::TableProgress& progress) {
    if (!bar) bar = std::make_unique<base::Progress>(experiment.spec.name, progress.total);
    bar->update(progress.done, progress.now);
  };
  const auto on_damaged = [](const std::filesystem::path& path) {
    warn(fmt::format("'{}' is damaged: that run is computed again", path.string()));
  };
  return bench::run_table(experiment, options,
                          {.on_progress = on_progress, .on_damaged = on_damaged});
}

}  // namespace noether::cli
