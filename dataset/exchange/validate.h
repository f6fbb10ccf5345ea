#pragma once

// Is this file what it says it is?

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "dataset/store/dataset_file.h"

namespace noether::dataset {

struct Check {
  std::string name;                     // "checksums"
  std::string what;                     // what was looked at: "12 arrays"
  std::vector<std::string> violations;  // one sentence each; empty: passed
};

// What is asked of a file that is no dataset, in place of form, splits, invariants and replay.
using CheckOther = std::function<Check(const std::filesystem::path&)>;

struct ValidateOptions {
  // Samples to compute anew and compare: first, last and evenly between; negative: all, 0: none.
  std::int64_t replay = 8;
  int jobs = 0;
  std::function<void(std::int64_t done, std::int64_t total)> on_progress = {};
  std::map<std::string, CheckOther> others = {};  // by schema; a DataError is a violation
};

// Checks, in this order: seal, form (schema), checksums, finite numbers, times (where trajectories
// have their own), splits, invariants, replay. A file so damaged that the later ones cannot run
// yields the violations found until there. Throws DataError where there is no file to read.
std::vector<Check> validate(const std::filesystem::path& path, const ValidateOptions& options = {});

// Whether each trajectory keeps the invariants of the file to the tolerance that it states.
Check check_invariants(const DatasetFile& file);

// The sum of all violations.
std::int64_t violation_count(const std::vector<Check>& checks);

}  // namespace noether::dataset
