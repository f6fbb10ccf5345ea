#pragma once

// A table as something that can be run: what computes one of its runs.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/table/settings.h"

namespace noether::bench {

// What was measured in a run. Its `table`, `seed` and swept coordinates need not be filled in.
struct RunResult {
  std::vector<Record> records = {};
  std::vector<Record> curves = {};  // metrics of the table's panels
};
void append(RunResult& all, RunResult more);

// A run calls it with what it is doing ("step 120 of 200"), at most about ten times a second.
// Throws Interrupted after Ctrl-C.
using ReportStep = std::function<void(std::string_view what)>;

// What a run is given: one seed at one place on the swept axes.
struct RunContext {
  const TableSettings& settings;
  const std::filesystem::path& data;  // the file of a table that asks for one
  Coordinates at = {};
  std::uint64_t seed = 0;
  ReportStep report = {};
  int jobs = 1;  // threads that it may use; never changes a number
  // where it may keep the data that it generates (kept_dataset); empty: nowhere
  std::filesystem::path data_folder = {};
  // a PNG that it may draw of what it made, its folder not there yet; empty: none
  std::filesystem::path picture = {};
};

// A model outside this program, whose predictions become a row.
struct OutsideModel {
  std::string name;              // of the row
  std::filesystem::path folder;  // of its predictions
};

struct Experiment {
  TableSpec spec = {};
  // A function of its argument alone; several runs at a time call it.
  std::function<RunResult(const RunContext&)> run = {};
  // Called once, for the first run, before anything is made. Throws where the data cannot serve, so
  // that no run with these settings could end. Empty where there is nothing to check.
  std::function<void(const RunContext&)> check = {};
  // The same table with a row more for each of these. Empty where predictions cannot be judged.
  std::function<Experiment(const std::vector<OutsideModel>&)> with_outside = {};
  // Writes what such models are given in one run into a folder of its own in `into`.
  std::function<void(const RunContext&, const std::filesystem::path& into)> write_outside = {};
};

}  // namespace noether::bench
