#pragma once

// Finished runs of a table in FOLDER/runs, a file each. A table that was killed goes on from them.
// Each file states the SHA-256 of what it holds.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/file_lock.h"
#include "bench/table/experiment.h"

namespace noether::bench {

// Everything that determines what a run computes, as (name, value) in a fixed order.
using RunKey = std::vector<std::pair<std::string, std::string>>;
RunKey run_key(const TableSpec& spec, const RunContext& run);

// The SHA-256 of the data of a table, "" where it has none; throws DataError where they cannot be
// read.
std::string data_sha256(const std::filesystem::path& data);

// Makes FOLDER and FOLDER/runs, and locks FOLDER. `overwrite` without `resume` removes the runs and
// the data in it. Throws DataError where
// - the folder above does not exist, or another process has the lock;
// - FOLDER holds anything, and neither `resume` nor `overwrite` is given;
// - FOLDER holds anything that no table writes, and `overwrite` is given without `resume`.
base::FileLock prepare_folder(const std::filesystem::path& folder, bool resume, bool overwrite);

// "FOLDER/runs/0.1-400-3.json": the run's values on the swept axes, and its seed.
std::filesystem::path run_path(const std::filesystem::path& folder, const TableSpec& spec,
                               const Coordinates& place, std::uint64_t seed);

// What a file of a run held.
struct KeptRun {
  std::optional<RunResult> result = {};  // nothing where there was none, or it was damaged
  bool is_damaged = false;  // its SHA-256 is another one, or write_run did not write it
};

// The run kept in that file; throws DataError where it was computed with another key.
KeptRun read_run(const std::filesystem::path& path, const RunKey& key);

// Keeps a run with the SHA-256 of its content, whole or not at all; throws DataError.
void write_run(const std::filesystem::path& path, const RunKey& key, const RunResult& result,
               std::span<const std::string> axes);

}  // namespace noether::bench
