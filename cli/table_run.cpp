#include "cli/table_run.h"

#include <memory>

#include "base/progress.h"

namespace noether::cli {

bench::TableResult run_with_progress(const bench::Experiment& experiment,
                                     const bench::TableOptions& options) {
  std::unique_ptr<base::Progress> bar;
  return bench::run_table(experiment, options, [&](const bench::TableProgress& progress) {
    if (!bar) bar = std::make_unique<base::Progress>(experiment.spec.name, progress.total);
    bar->update(progress.done, progress.now);
  });
}

}  // namespace noether::cli
