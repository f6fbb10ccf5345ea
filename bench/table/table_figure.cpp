#include <algorithm>

#include "bench/table/table_grid.h"
#include "bench/table/table_panels.h"

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
constexpr std::size_t colors = 8;  // of the palette; rows after them are dashed, and points rings

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

void draw_panel(render::Canvas& canvas, const render::Rectangle& area, const DrawnPanel& panel) {
  render::Plot plot(canvas, area, panel.x, panel.y);
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    const auto& [x, y] = panel.curves[i];
    const render::Color color = render::palette::series(i);
    if (!panel.is_scatter) {
      plot.line(x, y, color, 2, i >= colors);
      continue;
    }
    plot.points(x, y, color, 4);
    if (i >= colors) plot.points(x, y, render::palette::paper, 2);
  }
  plot.heading(panel.heading);
}

// Line by line: the panels and scatters of every place, then the panels of cost.
std::vector<std::vector<DrawnPanel>> lines_of(const TableSpec& spec, std::span<const Record> curves,
                                              std::span<const Record> records) {
  std::vector<std::vector<DrawnPanel>> lines;
  std::vector<Coordinates> others;
  for (Coordinates place : places_of(spec, curves)) {
    lines.push_back(panels_of(spec, curves, place));
    if (auto scatters = scatter_panels(spec, records, place); !scatters.empty())
      lines.push_back(std::move(scatters));
    place.erase(spec.budget_axis);
    if (std::ranges::find(others, place) == others.end()) others.push_back(std::move(place));
  }
  if (spec.budget_axis.empty()) return lines;
  for (const Coordinates& place : others) lines.push_back(cost_panels(spec, records, place));
  return lines;
}

}  // namespace

render::Image table_figure(const TableSpec& spec, std::span<const Record> curves,
                           std::span<const Record> records) {
  const auto panel_lines = lines_of(spec, curves, records);
  const auto legend = legend_of(spec, curves);
  // how many lines the legend takes is known once it is drawn
  render::Canvas trial(width_px, 100, render::palette::paper);
  const double room = width_px - left_px - right_px;
  const int lines = render::draw_legend(trial, {left_px, legend_top_px}, room, legend);
  const double first_top = legend_top_px + legend_line_px * lines + 24;
  const auto rows = static_cast<double>(std::max<std::size_t>(panel_lines.size(), 1));

  render::Canvas canvas(width_px, static_cast<int>(first_top + rows * panel_pitch_px - 30),
                        render::palette::paper);
  canvas.text({24, 40}, spec.title, {.size_px = 21, .color = render::palette::ink, .bold = true});
  render::draw_legend(canvas, {left_px, legend_top_px}, room, legend);
  for (std::size_t n = 0; n < panel_lines.size(); ++n) {
    const auto& panels = panel_lines[n];
    const auto count = static_cast<double>(panels.size());
    const double width = (room - between_px * (count - 1)) / count;
    for (std::size_t k = 0; k < panels.size(); ++k) {
      const render::Rectangle area{left_px + static_cast<double>(k) * (width + between_px),
                                   first_top + static_cast<double>(n) * panel_pitch_px, width,
                                   panel_height_px};
      draw_panel(canvas, area, panels[k]);
    }
  }
  return canvas.to_image();
}

}  // namespace noether::bench
