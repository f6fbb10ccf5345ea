#pragma once

// The cells of a table as words, from which its Markdown and its terminal form are made.

#include <span>
#include <string>
#include <vector>

#include "bench/table/table.h"

namespace noether::bench {

// Line 0 is the header; every line has the same number of cells. Rows without
// records of anything shown are left out.
using Grid = std::vector<std::vector<std::string>>;

// The rows at one noise: name, error at each of the horizons, ratios, and the other columns.
Grid table_grid(const TableSpec& spec, std::span<const Record> records, double noise,
                std::span<const double> horizons);

// A number to three significant digits: "0.0702", "1.20e-05", "313".
std::string short_number(double value);

// "3 s"
std::string horizon_text(const TableSpec& spec, double horizon);

// The noises that the records have, in the order of their first appearance.
std::vector<double> noises_of(std::span<const Record> records);

// The horizons to show: those of the spec, or, where it names none, those of the error's records.
std::vector<double> shown_horizons(const TableSpec& spec, std::span<const Record> records);

}  // namespace noether::bench
