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

// The rows at one place on the swept axes: name; the compared metrics at each of the points on the
// others, and their ratios; the other metrics. Metrics with a section are not among them.
Grid table_grid(const TableSpec& spec, std::span<const Record> records, const Coordinates& place,
                std::span<const Coordinates> points);

// The rivals at one place: "row / reference", then the ratio of each compared metric at each of the
// points. A comparison without records of both rows is left out.
Grid rival_grid(const TableSpec& spec, std::span<const Record> records, const Coordinates& place,
                std::span<const Coordinates> points);

// What stands where there is no number.
inline constexpr const char* nothing = "\u2013";

// The title of the column of a metric at a point on the axes that are not swept: "MSE, 3 s".
std::string titled(const TableSpec& spec, const Metric& metric, const Coordinates& point);

// A number to three significant digits: "0.0702", "1.20e-05", "313".
std::string short_number(double value);

// "train_size 400, 3 s": on each axis of the table in turn; the name of an axis that is swept or
// has no unit stands before its value.
std::string place_text(const TableSpec& spec, const Coordinates& place);

// The places on the swept axes that the records have, in the order of their first appearance.
std::vector<Coordinates> places_of(const TableSpec& spec, std::span<const Record> records);

// The points on the other axes at which a compared metric was measured, in rising order.
std::vector<Coordinates> shown_points(const TableSpec& spec, std::span<const Record> records);

}  // namespace noether::bench
