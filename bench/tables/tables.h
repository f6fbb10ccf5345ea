#pragma once

// The tables that exist, and what computes one of their runs. tables.cpp lists them all.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/table/table.h"

namespace noether::bench {

struct TableOptions {
  std::vector<std::uint64_t> seeds = {};
  std::vector<double> noises = {};
  bool scratch = false;  // every arm trained from scratch, not from the vanilla weights
  bool quick = false;    // fewer steps: to see that all works, and to guard it
  // of every training of a model, coupled: added to the gradient times the weights; from 0 to 1.
  // The pre-training of a neural quantity has none
  double weight_decay = 1e-4;
  // of the spec; empty: all. Rows that these need are computed unasked
  std::vector<std::string> rows = {};
  int jobs = 0;                       // threads, 0: one per processor. Never changes a number
  std::filesystem::path data = {};    // the file of a table whose spec asks for one
  std::filesystem::path folder = {};  // where finished runs are kept; empty: nowhere
  bool resume = false;                // continue what an earlier call left in `folder`
  bool overwrite = false;             // or remove it
};

// Whether the row is among those asked for.
bool wants(const TableOptions& options, const std::string& row);

// The SHA-256 of options.data, "" where there is none; throws DataError where it cannot be read.
std::string data_sha256(const TableOptions& options);

// All of one (noise, seed). `table`, `noise` and `seed` of the records need not be filled in.
struct RunResult {
  std::vector<Record> records = {};
  std::vector<Record> curves = {};  // metrics of spec.panels, horizon = time
};

// Told what a run is at ("meta-oracle, step 120 of 200"), about ten times a second or less; throws
// Interrupted after Ctrl-C.
using ReportStep = std::function<void(std::string_view what)>;

struct Experiment {
  TableSpec spec = {};
  // A function of its arguments alone; several runs at a time call it. It may use options.jobs
  // threads: more than one where there are fewer runs than threads. folder, resume and overwrite
  // are not its business. Row names are known.
  std::function<RunResult(const TableOptions& options, double noise, std::uint64_t seed,
                          const ReportStep& report)>
      run = {};
  // Throws, before anything is made, where no run with these options could come to an end: data
  // that cannot serve. Asked once; empty where there is nothing to ask.
  std::function<void(const TableOptions& options)> check = {};
};

// Every table, in the order of `noether list tables`.
const std::vector<Experiment>& all_tables();

// The table of that name; throws UsageError.
const Experiment& find_table(std::string_view name);

std::vector<std::string> table_names();

}  // namespace noether::bench
