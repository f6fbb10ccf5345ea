#pragma once

// The tables below the main one: metrics that belong together, at every place.

#include <span>
#include <string>
#include <vector>

#include "bench/table/table_grid.h"

namespace noether::bench {

// The headings that the metrics of the table state, each once, in their order.
std::vector<std::string> sections_of(const TableSpec& spec);

// The means of the metrics of a section at one place on the swept axes, a column for each point on
// the other axes where it was measured. Rows and metrics without records are left out; line 0 is
// the header.
Grid section_grid(const TableSpec& spec, std::span<const Record> records, const Coordinates& place,
                  const std::string& section);

}  // namespace noether::bench
