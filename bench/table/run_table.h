#pragma once

// Runs a table: every noise with every seed, several at a time, in an order that changes nothing.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/file_lock.h"
#include "bench/tables/tables.h"

namespace noether::bench {

struct TableProgress {
  std::int64_t done = 0;   // runs computed by this call
  std::int64_t total = 0;  // runs to compute; those kept from an earlier call are not among them
  std::string now = {};    // "noise 0.1, seed 3: meta-oracle"
};

// Who is told what on the way, by one thread at a time.
struct TableListener {
  std::function<void(const TableProgress&)> on_progress = {};
  // Before anything is computed: the file of an earlier call is damaged, and will be replaced.
  std::function<void(const std::filesystem::path&)> on_damaged = {};
};

struct TableResult {
  std::vector<Record> records;  // in the order of options.noises, options.seeds and the run
  std::vector<Record> curves;
  std::int64_t kept = 0;      // runs of an earlier call
  std::int64_t computed = 0;  // runs of this one
  base::FileLock lock = {};   // on options.folder, so that its table can be written into it
};

// Runs all (noise, seed) of the options, where options.folder is named from and into its run store,
// which no other process may write as long as the result lives.
// Throws UsageError for options that make no sense, what the store and the runs throw, and after
// Ctrl-C an Error of code interrupted; finished runs are kept.
TableResult run_table(const Experiment& experiment, const TableOptions& options,
                      const TableListener& listener = {});

}  // namespace noether::bench
