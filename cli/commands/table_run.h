#pragma once

// What `table` and `check` share: running a table with a line of progress.

#include "bench/table/run_table.h"

namespace noether::cli {

// run_table with a progress line: runs done, the current run and its step, the time left; it
// warns of kept runs that are damaged.
bench::TableResult run_with_progress(const bench::Experiment& experiment,
                                     const bench::TableOptions& options);

}  // namespace noether::cli
