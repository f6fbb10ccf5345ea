#pragma once

// The panels of a table's picture, ready to be drawn.

#include <span>
#include <string>
#include <vector>

#include "bench/table/table.h"
#include "render/plots/plot.h"

namespace noether::bench {

struct Curve {
  std::vector<double> position;
  std::vector<double> value;  // geometric mean over seeds
};

struct DrawnPanel {
  std::string heading;
  render::Axis x, y;
  std::vector<Curve> curves;  // one a row of the table, empty where it has no records
  bool is_scatter = false;    // points alone
};

// The panels of the spec at one place on the swept axes.
std::vector<DrawnPanel> panels_of(const TableSpec& spec, std::span<const Record> curves,
                                  const Coordinates& place);

// Its scatters at such a place, of the records; none where no row has both metrics.
std::vector<DrawnPanel> scatter_panels(const TableSpec& spec, std::span<const Record> records,
                                       const Coordinates& place);

// Where the spec has a budget axis: the first metric against the seconds that all training took
// which a row builds on, a point a budget. One panel for each point at which the metric is shown.
// `place` has the other swept coordinates. A row is left out where one that it builds on has no
// records.
std::vector<DrawnPanel> cost_panels(const TableSpec& spec, std::span<const Record> records,
                                    const Coordinates& place);

}  // namespace noether::bench
