#include "bench/table/table_panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "bench/table/statistics.h"
#include "bench/table/summary.h"
#include "bench/table/table_grid.h"

namespace noether::bench {
namespace {

// The axis along which curves are drawn; a panel needs one.
const Axis& axis_of_curves(const TableSpec& spec) {
  const auto found = std::ranges::find(spec.axes, false, &Axis::is_swept);
  if (found != spec.axes.end()) return *found;
  throw base::UsageError(
      fmt::format("table {}: there is no axis along which its curves could be drawn", spec.name));
}

Curve curve_of(std::span<const Record> records, const std::string& row, const std::string& axis) {
  std::map<double, std::vector<double>> values;
  for (const Record& r : records) {
    if (r.row == row) values[r.at.at(axis)].push_back(r.value);
  }
  Curve curve;
  for (const auto& [position, of_seeds] : values) {
    curve.position.push_back(position);
    curve.value.push_back(geometric_mean(of_seeds));
  }
  return curve;
}

std::vector<double> positions_of(const std::vector<Curve>& curves) {
  std::vector<double> positions;
  for (const Curve& curve : curves)
    positions.insert(positions.end(), curve.position.begin(), curve.position.end());
  return positions;
}

// The range of the values. The first are tiny: an axis that held them would have no room for what
// rows differ by.
render::Range settled_range(const Panel& panel, const std::vector<Curve>& curves,
                            const render::Range& along) {
  const double settled = along.low + (along.high - along.low) / 20;
  std::vector<double> values;
  for (const Curve& curve : curves) {
    for (std::size_t i = 0; i < curve.position.size(); ++i) {
      if (curve.position[i] >= settled && curve.value[i] <= panel.most)
        values.push_back(curve.value[i]);
    }
  }
  return panel.logarithmic ? render::decades_of(values) : render::range_of(values, 0.05);
}

std::string heading_of(const TableSpec& spec, const std::string& title, const Coordinates& place) {
  const std::string where = place_text(spec, place);
  return title + (where.empty() ? "" : ", " + where);
}

// The row and all that it needs, and what those need.
std::set<std::string> built_on(const TableSpec& spec, const std::string& row) {
  std::set<std::string> all{row};
  const auto found = std::ranges::find(spec.rows, row, &RowSpec::name);
  for (const std::string& other : found->needs) all.merge(built_on(spec, other));
  return all;
}

// The seconds of all training that the row builds on, the mean over seeds; NaN where one is
// missing.
double total_seconds(const TableSpec& spec, std::span<const Record> here, const std::string& row) {
  const auto clock = std::ranges::find(spec.metrics, true, &Metric::is_time);
  double total = 0;
  for (const std::string& part : built_on(spec, row)) {
    const auto times = select(here, {.row = part, .metric = clock->name});
    double sum = 0;
    for (const Record& r : times) sum += r.value;
    total += sum / static_cast<double>(times.size());
  }
  return total;
}

Curve cost_curve(const TableSpec& spec, std::span<const Record> records, const std::string& row,
                 const Coordinates& at) {
  Curve curve;
  for (const Coordinates& budget : sorted_points(records, std::vector{spec.budget_axis})) {
    const auto here = select(records, {.at = budget});
    std::vector<double> of_seeds;
    for (const Record& r : select(here, {.row = row, .at = at, .metric = spec.metrics[0].name}))
      of_seeds.push_back(r.value);
    const double seconds = total_seconds(spec, here, row);
    if (of_seeds.empty() || !(seconds > 0)) continue;
    curve.position.push_back(seconds);
    curve.value.push_back(geometric_mean(of_seeds));
  }
  return curve;
}

const Metric& metric_of(const TableSpec& spec, const std::string& name) {
  return *std::ranges::find(spec.metrics, name, &Metric::name);
}

// A point for each seed of the row that has both metrics.
Curve points_of(std::span<const Record> records, const Scatter& scatter, const std::string& row,
                const Coordinates& at) {
  const auto x = paired_values(records, {.row = row, .at = at, .metric = scatter.against});
  const auto y = paired_values(records, {.row = row, .at = at, .metric = scatter.metric});
  Curve points;
  for (const auto& [pair, value] : x) {
    const auto found = y.find(pair);
    if (found == y.end()) continue;
    points.position.push_back(value);
    points.value.push_back(found->second);
  }
  return points;
}

std::vector<double> values_of(const std::vector<Curve>& curves) {
  std::vector<double> values;
  for (const Curve& curve : curves)
    values.insert(values.end(), curve.value.begin(), curve.value.end());
  return values;
}

}  // namespace

std::vector<DrawnPanel> panels_of(const TableSpec& spec, std::span<const Record> curves,
                                  const Coordinates& place) {
  std::vector<DrawnPanel> panels;
  for (const Panel& panel : spec.panels) {
    const auto records = select(curves, {.at = place, .metric = panel.metric});
    if (records.empty()) continue;
    const Axis& axis = axis_of_curves(spec);
    std::vector<Curve> drawn;
    for (const RowSpec& row : spec.rows) drawn.push_back(curve_of(records, row.name, axis.name));
    const render::Range range = render::range_of(positions_of(drawn), 0);
    const std::string& title = axis.curve_title.empty() ? axis.name : axis.curve_title;
    panels.push_back({heading_of(spec, panel.title, place),
                      {render::axis_label(title, axis.unit), range},
                      {panel.title, settled_range(panel, drawn, range), panel.logarithmic},
                      drawn});
  }
  return panels;
}

std::vector<DrawnPanel> scatter_panels(const TableSpec& spec, std::span<const Record> records,
                                       const Coordinates& place) {
  std::vector<DrawnPanel> panels;
  for (const Scatter& scatter : spec.scatters) {
    std::vector<Curve> drawn;
    for (const RowSpec& row : spec.rows)
      drawn.push_back(points_of(records, scatter, row.name, place));
    const std::vector<double> x = positions_of(drawn);
    if (x.empty()) continue;
    const Metric &across = metric_of(spec, scatter.against), &up = metric_of(spec, scatter.metric);
    panels.push_back(
        {heading_of(spec, scatter.title, place),
         {render::axis_label(across.title, across.unit), render::decades_of(x), true},
         {render::axis_label(up.title, up.unit), render::decades_of(values_of(drawn)), true},
         drawn,
         true});
  }
  return panels;
}

std::vector<DrawnPanel> cost_panels(const TableSpec& spec, std::span<const Record> records,
                                    const Coordinates& place) {
  std::vector<DrawnPanel> panels;
  const auto here = select(records, {.at = place});
  for (const Coordinates& point : shown_points(spec, records)) {
    std::vector<Curve> drawn;
    for (const RowSpec& row : spec.rows) drawn.push_back(cost_curve(spec, here, row.name, point));
    Coordinates all = place;
    all.insert(point.begin(), point.end());
    const std::string& title = spec.metrics.front().title;
    panels.push_back({heading_of(spec, title, all),
                      {"training, all that the row builds on (s)",
                       render::decades_of(positions_of(drawn)), true},
                      {title, render::decades_of(values_of(drawn)), true},
                      drawn});
  }
  return panels;
}

}  // namespace noether::bench
