#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "bench/table/statistics.h"
#include "bench/table/table.h"
#include "bench/table/table_grid.h"
#include "render/plot.h"

namespace noether::bench {
namespace {

constexpr int width_px = 1400;
constexpr double left_px = 92;      // of the first panel
constexpr double between_px = 110;  // two panels, for the numbers of the second
constexpr double right_px = 24;
constexpr double legend_top_px = 74;
constexpr double legend_line_px = 20;
constexpr double panel_height_px = 330;
constexpr double panel_pitch_px = 425;  // from the top of one to the top of that below
constexpr std::size_t colors = 8;       // of the palette; rows after them are dashed

struct Curve {
  std::vector<double> position;
  std::vector<double> value;  // geometric mean over seeds
};

struct DrawnPanel {
  Panel panel;
  std::vector<Curve> curves;  // one a row of the table, empty where it has no records
};

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

std::vector<DrawnPanel> panels_of(const TableSpec& spec, std::span<const Record> curves,
                                  const Coordinates& place) {
  std::vector<DrawnPanel> panels;
  for (const Panel& panel : spec.panels) {
    const auto records = select(curves, {.at = place, .metric = panel.metric});
    if (records.empty()) continue;
    const std::string& axis = axis_of_curves(spec).name;
    DrawnPanel drawn{.panel = panel, .curves = {}};
    for (const RowSpec& row : spec.rows) drawn.curves.push_back(curve_of(records, row.name, axis));
    panels.push_back(std::move(drawn));
  }
  return panels;
}

// Rows that are drawn, each with the color and stroke of its place in the spec.
std::vector<render::LegendEntry> legend_of(const TableSpec& spec, std::span<const Record> curves) {
  std::vector<render::LegendEntry> legend;
  for (std::size_t i = 0; i < spec.rows.size(); ++i) {
    const std::string& name = spec.rows[i].name;
    if (std::ranges::find(curves, name, &Record::row) != curves.end())
      legend.push_back({name, render::palette::series(i), i >= colors});
  }
  return legend;
}

void draw_panel(render::Canvas& canvas, const render::Rectangle& area, const TableSpec& spec,
                const DrawnPanel& drawn, const Coordinates& place) {
  const auto& [panel, curves] = drawn;
  std::vector<double> positions;
  for (const Curve& curve : curves)
    positions.insert(positions.end(), curve.position.begin(), curve.position.end());
  const render::Range range = render::range_of(positions, 0);
  // the first values are tiny: an axis that held them would have no room for what rows differ by
  const double settled = range.low + (range.high - range.low) / 20;
  std::vector<double> values;
  for (const Curve& curve : curves) {
    for (std::size_t i = 0; i < curve.position.size(); ++i) {
      if (curve.position[i] >= settled && curve.value[i] <= panel.most)
        values.push_back(curve.value[i]);
    }
  }
  const Axis& axis = axis_of_curves(spec);
  const std::string& title = axis.curve_title.empty() ? axis.name : axis.curve_title;
  render::Plot plot(
      canvas, area, {render::axis_label(title, axis.unit), range},
      {panel.title, panel.logarithmic ? render::decades_of(values) : render::range_of(values, 0.05),
       panel.logarithmic});
  for (std::size_t i = 0; i < curves.size(); ++i) {
    plot.line(curves[i].position, curves[i].value, render::palette::series(i), 2, i >= colors);
  }
  const std::string where = place_text(spec, place);
  plot.heading(panel.title + (where.empty() ? "" : ", " + where));
}

}  // namespace

render::Image table_figure(const TableSpec& spec, std::span<const Record> curves) {
  const auto places = places_of(spec, curves);
  const auto legend = legend_of(spec, curves);
  // how many lines the legend takes is known once it is drawn
  render::Canvas trial(width_px, 100, render::palette::paper);
  const double room = width_px - left_px - right_px;
  const int lines = render::draw_legend(trial, {left_px, legend_top_px}, room, legend);
  const double first_top = legend_top_px + legend_line_px * lines + 24;
  const auto rows = static_cast<double>(std::max<std::size_t>(places.size(), 1));

  render::Canvas canvas(width_px, static_cast<int>(first_top + rows * panel_pitch_px - 30),
                        render::palette::paper);
  canvas.text({24, 40}, spec.title, {.size_px = 21, .color = render::palette::ink, .bold = true});
  render::draw_legend(canvas, {left_px, legend_top_px}, room, legend);
  for (std::size_t n = 0; n < places.size(); ++n) {
    const auto panels = panels_of(spec, curves, places[n]);
    const auto count = static_cast<double>(panels.size());
    const double width = (room - between_px * (count - 1)) / count;
    for (std::size_t k = 0; k < panels.size(); ++k) {
      const render::Rectangle area{left_px + static_cast<double>(k) * (width + between_px),
                                   first_top + static_cast<double>(n) * panel_pitch_px, width,
                                   panel_height_px};
      draw_panel(canvas, area, spec, panels[k], places[n]);
    }
  }
  return canvas.to_image();
}

}  // namespace noether::bench
