#pragma once

// A table of results: what it shows, and how it is written for people, for programs and as a
// picture.

#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/table/record.h"
#include "bench/table/statistics.h"
#include "dataset/make/config.h"
#include "render/image.h"

namespace noether::bench {

// One coordinate of the records, a column of records.csv, and a setting: the list of its values.
struct Axis {
  std::string name;              // "train_size"
  std::string description = {};  // for the help of its setting
  std::string unit = {};         // "s"; "" for a pure number
  double min = 0;                // its values lie in [min, max]
  double max = 0;
  std::vector<double> values = {};        // unless others are asked for
  std::vector<double> quick_values = {};  // the same with --quick; empty: the same values
  // whether each value has runs of its own; else one run measures at all values
  bool is_swept = false;
  bool is_whole = false;         // its values are whole numbers
  std::string curve_title = {};  // what it is called along a curve; "": its name
};

struct RowSpec {
  std::string name;
  std::string description;              // one line
  std::vector<std::string> needs = {};  // earlier rows whose weights it takes; made unasked
  bool by_default = true;               // else made only where it is asked for by name, or with all
};

// What is measured of a row. The first metric of a table decides whether a row was left out.
struct Metric {
  std::string name;   // "mse", in records
  std::string title;  // "MSE", of its column
  std::string unit = {};
  Better better = Better::lower;
  bool is_compared = false;  // shown with its spread, and divided by that of other rows
  bool is_time = false;      // measured by a clock: no two runs have the same
  std::string meaning = {};  // sentences that define it, where its title does not
  // Heading of a table of its own in table.md, below the main one, with a column at every place;
  // "": it is in the main table.
  std::string section = {};
};

// The compared metrics of `row` are divided by those of `reference`, pair by pair.
struct Comparison {
  std::string row;
  std::string reference;
  std::string heading = {};  // of its column; "": the reference
};

// A metric of the curves, drawn against the first axis that is not swept.
struct Panel {
  std::string metric;
  std::string title;
  bool logarithmic = true;
  double most = std::numeric_limits<double>::infinity();  // curves above it leave the frame
};

// Two metrics that have no axis of their own, one against the other: a point for each seed of a
// row.
struct Scatter {
  std::string metric;
  std::string against;
  std::string title;
};

// A number measured elsewhere, to be printed beside ours.
struct ReferenceNumber {
  std::string row;
  std::string against;  // the number is the ratio to this row; "": the mean itself
  Coordinates at;
  double value = 0;
  std::string source;       // "PyTorch 1.13, 8 seeds"
  std::string metric = {};  // "": the first of the table
};

struct TableSpec {
  std::string name;                // in records and on the command line
  std::string title;               // one line
  std::vector<Axis> axes = {};     // in the order of their columns
  std::vector<RowSpec> rows = {};  // in the order shown
  std::vector<Metric> metrics = {};
  std::vector<Comparison> comparisons = {};  // a column for each reference or heading
  std::vector<Comparison> rivals = {};       // a line each, below: of references for a few rows
  std::vector<Panel> panels = {};
  std::vector<Scatter> scatters = {};
  std::string budget_axis = {};  // a swept axis that says how much is trained; "": none
  std::vector<ReferenceNumber> references = {};
  std::vector<dataset::SettingSpec> settings = {};  // of its own; settings.h adds those of all
  std::vector<std::string> method = {};             // how the numbers are made, a paragraph each
  std::string seed_decides = "the initial weights";
  std::string data = {};  // the file that its user must give, in words; "": none
  // Files beside that one that decide numbers: what each is, and its SHA-256.
  std::vector<std::pair<std::string, std::string>> inputs = {};
  std::string float_type = "float32";
  int seeds = 8;        // 0, ..., seeds - 1 unless others are asked for
  int quick_seeds = 2;  // the same with --quick
  // Why a row was left out. It is given the records of this row at that place and seed, one by one,
  // and returns the reason, or "" where a record tells none. Empty where no row is ever left out.
  std::function<std::string(const Record&)> why_left_out = {};
};

// Every row against each of the references, except against itself.
std::vector<Comparison> compare_all(std::span<const RowSpec> rows,
                                    std::span<const std::string> references);

// The names of all axes; of those that are swept, or of those that are not.
std::vector<std::string> axis_names(const TableSpec& spec);
std::vector<std::string> axis_names(const TableSpec& spec, bool is_swept);

// A sentence for each row that was left out at a place on some seeds: "train_size 4, seeds 0, 1:
// row large, because ...".
std::vector<std::string> omissions(const TableSpec& spec, std::span<const Record> records);

// table.md. For each place on the swept axes it has the rows: mean +- sd of what is compared, the
// geometric mean of the paired ratios with interval and wins, the other metrics; then omissions.
// At the end it says what the numbers are and how they were made. `provenance` is the JSON of
// provenance.h.
std::string table_markdown(const TableSpec& spec, std::span<const Record> records,
                           const std::string& provenance);

// The main table as aligned columns for a terminal: the compared metrics in a block for each place
// on all axes, the others in a block for each place on the swept ones.
std::string table_text(const TableSpec& spec, std::span<const Record> records);

// Whether a table has curves or scatters to draw.
bool has_picture(const TableSpec& spec);

// table.png: for each place on the swept axes the panels side by side, all rows in them, geometric
// means over seeds; below them the scatters, from the records. Where the spec has a budget axis,
// panels of error against seconds of training follow.
render::Image table_figure(const TableSpec& spec, std::span<const Record> curves,
                           std::span<const Record> records = {});

// Writes table.md, records.csv, curves.csv, table.json (records and provenance) and, where it has_picture,
// table.png into an existing folder, each whole or not at all; throws DataError.
void write_table(const std::filesystem::path& folder, const TableSpec& spec,
                 std::span<const Record> records, std::span<const Record> curves,
                 const std::string& provenance);

}  // namespace noether::bench
