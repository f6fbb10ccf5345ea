#include "bench/table/section_grid.h"

#include <algorithm>

#include "bench/table/summary.h"

namespace noether::bench {
namespace {

struct Column {
  std::string metric;
  Coordinates at;
};

}  // namespace

std::vector<std::string> sections_of(const TableSpec& spec) {
  std::vector<std::string> sections;
  for (const Metric& metric : spec.metrics) {
    if (!metric.section.empty() && std::ranges::find(sections, metric.section) == sections.end())
      sections.push_back(metric.section);
  }
  return sections;
}

Grid section_grid(const TableSpec& spec, std::span<const Record> records, const Coordinates& place,
                  const std::string& section) {
  Grid grid{{"row"}};
  std::vector<Column> columns;
  for (const Metric& metric : spec.metrics) {
    if (metric.section != section) continue;
    const auto measured = select(records, {.at = place, .metric = metric.name});
    for (const Coordinates& point : sorted_points(measured, axis_names(spec, false))) {
      columns.push_back({metric.name, place});
      columns.back().at.insert(point.begin(), point.end());
      grid[0].push_back(titled(spec, metric, point));
    }
  }
  for (const RowSpec& row : spec.rows) {
    std::vector<std::string> cells{row.name};
    for (const auto& [metric, at] : columns) {
      const auto value = measure(records, {.row = row.name, .at = at, .metric = metric});
      cells.push_back(value ? short_number(*value) : nothing);
    }
    const auto is_nothing = [](const std::string& cell) { return cell == nothing; };
    if (!std::all_of(cells.begin() + 1, cells.end(), is_nothing)) grid.push_back(cells);
  }
  return grid;
}

}  // namespace noether::bench
