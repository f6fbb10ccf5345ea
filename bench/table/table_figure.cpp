#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

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
  std::vector<double> time;
  std::vector<double> value;  // geometric mean over seeds
};

struct Panel {
  PanelSpec spec;
  std::vector<Curve> curves;  // one a row of the table, empty where it has no records
};

Curve curve_of(std::span<const Record> records, const std::string& row) {
  std::map<double, std::vector<double>> values;
  for (const Record& r : records) {
    if (r.row == row) values[r.horizon].push_back(r.value);
  }
  Curve curve;
  for (const auto& [time, of_seeds] : values) {
    curve.time.push_back(time);
    curve.value.push_back(geometric_mean(of_seeds));
  }
  return curve;
}

std::vector<Panel> panels_of(const TableSpec& spec, std::span<const Record> curves, double noise) {
  std::vector<Panel> panels;
  for (const PanelSpec& panel_spec : spec.panels) {
    const auto records = select(curves, {.noise = noise, .metric = panel_spec.metric});
    if (records.empty()) continue;
    Panel panel{.spec = panel_spec, .curves = {}};
    for (const RowSpec& row : spec.rows) panel.curves.push_back(curve_of(records, row.name));
    panels.push_back(std::move(panel));
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
                const Panel& panel, double noise) {
  std::vector<double> times;
  for (const Curve& curve : panel.curves)
    times.insert(times.end(), curve.time.begin(), curve.time.end());
  const render::Range time_range = render::range_of(times, 0);
  // the first errors are tiny: an axis that held them would have no room for what rows differ by
  const double settled = time_range.low + (time_range.high - time_range.low) / 20;
  std::vector<double> values;
  for (const Curve& curve : panel.curves) {
    for (std::size_t i = 0; i < curve.time.size(); ++i) {
      if (curve.time[i] >= settled && curve.value[i] <= panel.spec.most)
        values.push_back(curve.value[i]);
    }
  }
  const std::string time_name = spec.horizon_unit == "s" ? "time" : "horizon";
  render::Plot plot(
      canvas, area, {render::axis_label(time_name, spec.horizon_unit), time_range},
      {panel.spec.title,
       panel.spec.logarithmic ? render::decades_of(values) : render::range_of(values, 0.05),
       panel.spec.logarithmic});
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    plot.line(panel.curves[i].time, panel.curves[i].value, render::palette::series(i), 2,
              i >= colors);
  }
  plot.heading(fmt::format("{}, noise {}", panel.spec.title, noise));
}

}  // namespace

render::Image table_figure(const TableSpec& spec, std::span<const Record> curves) {
  const auto noises = noises_of(curves);
  const auto legend = legend_of(spec, curves);
  // how many lines the legend takes is known once it is drawn
  render::Canvas scratch(width_px, 100, render::palette::paper);
  const double room = width_px - left_px - right_px;
  const int lines = render::draw_legend(scratch, {left_px, legend_top_px}, room, legend);
  const double first_top = legend_top_px + legend_line_px * lines + 24;
  const auto rows = static_cast<double>(std::max<std::size_t>(noises.size(), 1));

  render::Canvas canvas(width_px, static_cast<int>(first_top + rows * panel_pitch_px - 30),
                        render::palette::paper);
  canvas.text({24, 40}, spec.title, {.size_px = 21, .color = render::palette::ink, .bold = true});
  render::draw_legend(canvas, {left_px, legend_top_px}, room, legend);
  for (std::size_t n = 0; n < noises.size(); ++n) {
    const auto panels = panels_of(spec, curves, noises[n]);
    const auto count = static_cast<double>(panels.size());
    const double width = (room - between_px * (count - 1)) / count;
    for (std::size_t k = 0; k < panels.size(); ++k) {
      const render::Rectangle area{left_px + static_cast<double>(k) * (width + between_px),
                                   first_top + static_cast<double>(n) * panel_pitch_px, width,
                                   panel_height_px};
      draw_panel(canvas, area, spec, panels[k], noises[n]);
    }
  }
  return canvas.to_image();
}

}  // namespace noether::bench
