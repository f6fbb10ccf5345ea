#pragma once

// What a table gave when somebody last looked, to the last bit: the regression test of everything
// that trains. Kept as bench/baselines/NAME.json, changed by accept alone.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/table/settings.h"
#include "bench/table/summary.h"

namespace noether::bench {

struct Acceptance {
  std::string date;     // "2026-11-21"
  std::string version;  // git describe
  std::string reason;
};

struct Baseline {
  std::string table = {};
  dataset::Overrides settings = {};      // all of them
  std::string arithmetic = {};           // of the program that gave the records
  std::vector<Record> records = {};      // all but measured times
  std::vector<Acceptance> history = {};  // oldest first
};

// What decides the bits of a training beside the source: compiler, architecture of the build, C
// library and Eigen, "GNU 12.2.0, x86-64-v3, glibc 2.36, Eigen 3.4.0". Never the processor.
std::string arithmetic_of_this_build();

// The settings of a baseline. Throws DataError where it lacks one that the table has: a new default
// must not take the place of what was measured.
TableSettings settings_of(const Baseline& baseline, const TableSpec& spec);

// Throws DataError with the path where there is no such file or it is no baseline.
Baseline read_baseline(const std::filesystem::path& path);

// Makes or replaces the file, whole or not at all; throws DataError.
void write_baseline(const Baseline& baseline, const std::filesystem::path& path);

// The records without measured times, which no two runs share.
std::vector<Record> reproducible(const TableSpec& spec, std::span<const Record> records);

// A record that one side has alone, or with other bits.
struct Difference {
  Record record = {};  // its value is the expected one, where there is one
  std::optional<double> expected = {};
  std::optional<double> measured = {};
};

// Every difference to the baseline, in its order; then the records that it does not have.
std::vector<Difference> differences(const Baseline& baseline, std::span<const Record> measured);

// "seed 3, large: mse at train_size 4.0 is 0.25, expected was 0.5"; "nothing" for what one side
// lacks. Values read back as the same bits.
std::string describe(const Difference& difference);

// For programs of another compiler, which round in other places; training amplifies this. A
// sentence for each mean and ratio of the compared metrics that got worse by more than
// `guard_tolerance`: in earlier versions other paths of products moved these figures by up to as
// much.
inline constexpr double guard_tolerance = 0.25;
std::vector<std::string> regressions(const TableSpec& spec, const Baseline& baseline,
                                     std::span<const Record> measured);

// The baseline with these records, and the acceptance in its history. Throws UsageError where the
// reason is empty, DataError where there are no records.
Baseline accept(Baseline baseline, const TableSpec& spec, std::span<const Record> measured,
                const Acceptance& acceptance);

}  // namespace noether::bench
