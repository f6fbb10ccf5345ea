#pragma once

// A table of results: what it shows, and how it is written for people, for programs and as a
// picture.

#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "bench/table/record.h"
#include "render/image.h"

namespace noether::bench {

struct RowSpec {
  std::string name;         // "meta-oracle"
  std::string description;  // one line
};

// The error of `row` is divided by that of `reference`, seed by seed.
struct Comparison {
  std::string row;
  std::string reference;
  std::string heading = {};  // of its column; "": the reference
};

// A metric beside the error; where its records have several horizons, the longest is shown.
struct ColumnSpec {
  std::string metric;
  std::string title;
};

// A metric of the curves, drawn against time.
struct PanelSpec {
  std::string metric;
  std::string title;
  bool logarithmic = true;
  double most = std::numeric_limits<double>::infinity();  // curves above it leave the frame
};

// A number measured elsewhere, to be printed beside ours.
struct ReferenceNumber {
  std::string row;
  std::string against;  // the number is the ratio to this row; "": the mean error itself
  double noise = 0;
  double horizon = 0;
  double value = 0;
  std::string source;       // "PyTorch 1.13, 8 seeds"
  std::string metric = {};  // "": the error
};

struct TableSpec {
  std::string name;           // "pendulum", in records and on the command line
  std::string title;          // one line
  std::vector<RowSpec> rows;  // in the order shown
  std::vector<Comparison> comparisons = {};
  std::vector<double> horizons = {};
  std::vector<double> noises = {};  // run unless others are asked for
  std::vector<ReferenceNumber> references = {};
  std::vector<std::string> method = {};  // how the numbers are made, a paragraph each
  std::string error_metric = "rmse";     // lower is better; compared between rows
  std::string error_title = "RMSE";
  std::vector<ColumnSpec> columns = {
      {"energy_drift", "energy drift"}, {"step_mse", "one-step MSE"}, {"seconds", "seconds"}};
  std::vector<PanelSpec> panels = {{"rmse_at", "RMSE"}, {"energy_drift_at", "energy drift"}};
  std::string data = {};  // the file that its user must give, in words; "": none
  std::string horizon_unit = "s";
  std::string float_type = "float32";
  int seeds = 8;        // 0, ..., seeds - 1 unless others are asked for
  int quick_seeds = 2;  // the same with --quick
};

// Every row against each of the references, but for itself.
std::vector<Comparison> compare_all(std::span<const RowSpec> rows,
                                    std::span<const std::string> references);

// The metric of a row that conserves a formula found in the data: how many it was chosen among.
inline constexpr const char* formulas_kept = "formulas_kept";

// A sentence for each noise and row that was left out on some seeds, since no formula was found to
// conserve: "noise 2, seeds 0, 1: row meta-discovered, because ...".
std::vector<std::string> omissions(const TableSpec& spec, std::span<const Record> records);

// table.md: for each noise the rows with the mean error +- sd over seeds, the geometric mean of the
// paired ratios with interval and wins, the other columns, and omissions; then what it all means
// and how it was made, of which `provenance` is the JSON of bench/table/provenance.h.
std::string table_markdown(const TableSpec& spec, std::span<const Record> records,
                           const std::string& provenance);

// The same numbers as aligned columns for a terminal, a block for each noise and horizon.
std::string table_text(const TableSpec& spec, std::span<const Record> records);

// table.png: for each noise the panels side by side, all rows in them, geometric means over seeds.
// The horizon of a curve record is its time.
render::Image table_figure(const TableSpec& spec, std::span<const Record> curves);

// Writes table.md, records.csv, curves.csv, table.json (records and provenance) and table.png into
// an existing folder, each whole or not at all; throws DataError.
void write_table(const std::filesystem::path& folder, const TableSpec& spec,
                 std::span<const Record> records, std::span<const Record> curves,
                 const std::string& provenance);

}  // namespace noether::bench
