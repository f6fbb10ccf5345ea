#pragma once

// Finished runs of a table in FOLDER/runs, a file each, so that a run that was killed goes on where
// it stopped.

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/tables.h"

namespace noether::bench {

// Everything that determines what a run computes, as (name, value) in a fixed order.
using RunKey = std::vector<std::pair<std::string, std::string>>;
RunKey run_key(const TableSpec& spec, const TableOptions& options, double noise,
               std::uint64_t seed);

// Makes FOLDER and FOLDER/runs. Throws DataError where the folder above does not exist, or FOLDER
// holds anything and neither `resume` nor `overwrite` is given; `overwrite` without `resume`
// removes the runs in it, and throws where it holds anything that no table writes.
void prepare_folder(const std::filesystem::path& folder, bool resume, bool overwrite);

// "FOLDER/runs/0.1-3.json"
std::filesystem::path run_path(const std::filesystem::path& folder, double noise,
                               std::uint64_t seed);

// The run kept in that file, or nothing where there is none; throws DataError where it was computed
// with another key, or is damaged.
std::optional<RunResult> read_run(const std::filesystem::path& path, const RunKey& key);

// Keeps a run, whole or not at all; throws DataError.
void write_run(const std::filesystem::path& path, const RunKey& key, const RunResult& result);

}  // namespace noether::bench
