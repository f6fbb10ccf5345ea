#pragma once

// What a table gave when somebody last looked, and how much worse it may become: the regression
// test of everything that trains. Kept as bench/baselines/NAME.json, changed by accept alone.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/table/settings.h"
#include "bench/table/summary.h"

namespace noether::bench {

struct BaselineEntry {
  Statistic statistic = {};
  double value = 0;
  Better better = Better::lower;
  double tolerance = 0;  // of the value where relative, else in its unit
  bool relative = true;
  std::string reason = {};  // why this tolerance
};

struct Acceptance {
  std::string date;     // "2026-11-21"
  std::string version;  // git describe
  std::string reason;
};

struct Baseline {
  std::string table = {};
  dataset::Overrides settings = {};  // all of them
  std::vector<BaselineEntry> entries = {};
  std::string version = {};  // that gave the values
  std::string machine = {};
  std::vector<Acceptance> history = {};  // oldest first
};

// The settings of a baseline; throws DataError unless it states every one that the table has, so
// that no new default takes the place of what was measured.
TableSettings settings_of(const Baseline& baseline, const TableSpec& spec);

// Throws DataError with the path where there is no such file or it is no baseline.
Baseline read_baseline(const std::filesystem::path& path);

// Makes or replaces the file, whole or not at all; throws DataError.
void write_baseline(const Baseline& baseline, const std::filesystem::path& path);

// The worst value that still passes: value * (1 + tolerance), or value + tolerance; the other way
// where higher is better.
double limit_of(const BaselineEntry& entry);

enum class Verdict { better, equal, worse, missing };

struct Finding {
  BaselineEntry entry = {};
  std::optional<double> measured = {};  // nothing where no record gives it
  Verdict verdict = Verdict::missing;
};

// Every entry beside what the records give, in the order of the entries. Worse is what is beyond
// the limit or not a number, better what improves by more than the tolerance.
std::vector<Finding> compare(const Baseline& baseline, std::span<const Record> records);

// Whether none is worse or missing.
bool passed(std::span<const Finding> findings);

// One line: "WORSE  large: mse at train_size 4.0  measured 0.09, expected 0.07, limit 0.0735".
std::string describe(const Finding& finding);

// The baseline with the values of the records, and the acceptance in its history. Throws UsageError
// where the reason is empty, DataError where a value is missing or not finite.
Baseline accept(Baseline baseline, std::span<const Record> records, const Acceptance& acceptance,
                const std::string& machine);

// A first baseline: every checked metric of every row, and every comparison of those that are
// compared, wherever they were measured; with tolerances by the records: two standard errors over
// pairs, but from 5 to 25 %.
Baseline draft_baseline(const TableSpec& spec, const TableSettings& settings,
                        std::span<const Record> records);

}  // namespace noether::bench
