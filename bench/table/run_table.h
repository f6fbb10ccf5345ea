#pragma once

// Runs a table: every place on its swept axes with every seed. Several runs go on at a time; their
// order changes no number.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/file_lock.h"
#include "bench/table/experiment.h"

namespace noether::bench {

struct TableOptions {
  TableSettings settings;
  std::filesystem::path data = {};    // the file of a table that asks for one
  int jobs = 0;                       // threads, 0: one per processor. Never changes a number
  std::filesystem::path folder = {};  // where finished runs are kept; empty: nowhere
  bool resume = false;                // continue what an earlier call left in `folder`
  bool overwrite = false;             // or remove it
};

struct TableProgress {
  std::int64_t done = 0;   // runs computed by this call
  std::int64_t total = 0;  // runs to compute; those kept from an earlier call are not among them
  std::string now = {};    // "train_size 400, seed 3: large, step 10 of 200"
};

// Functions that are called on the way, by one thread at a time.
struct TableListener {
  std::function<void(const TableProgress&)> on_progress = {};
  // Before anything is computed: the file of an earlier call is damaged, and will be replaced.
  std::function<void(const std::filesystem::path&)> on_damaged = {};
};

struct TableResult {
  std::vector<Record> records;  // in the order of swept_places, the seeds and the run
  std::vector<Record> curves;
  std::int64_t kept = 0;      // runs of an earlier call
  std::int64_t computed = 0;  // runs of this one
  base::FileLock lock = {};   // on the folder, so that the table can be written into it
};

// Computes all runs of a table that options.folder does not hold yet, and keeps them there. As long
// as the result lives, no other process can write into that folder. Throws UsageError for data that
// the table does not take, and what the store and the runs throw. After Ctrl-C it throws an Error
// of code interrupted; finished runs are kept.
TableResult run_table(const Experiment& experiment, const TableOptions& options,
                      const TableListener& listener = {});

}  // namespace noether::bench
