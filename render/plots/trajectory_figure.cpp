#include "render/plots/trajectory_figure.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "render/plots/phase_portrait.h"
#include "render/plots/plot.h"

namespace noether::render {
namespace {

constexpr int width_px = 1400;
constexpr int height_px = 760;
constexpr Rectangle portrait_area{85, 118, 570, 570};
constexpr Rectangle panels_area{780, 118, 590, 570};
constexpr double panel_gap = 48;
constexpr std::size_t most_curves = 8;  // as there are colors

// Below this a difference of doubles of order one is rounding; zero drift is drawn here.
constexpr double drift_floor = 1e-17;

std::size_t trajectory_count(const TrajectoryFigure& figure) {
  return figure.state.size() / (figure.time.size() * figure.coordinate_names.size());
}

void check_shapes(const TrajectoryFigure& f) {
  const std::size_t row = f.time.size() * f.coordinate_names.size();
  const bool ok = row > 0 && !f.state.empty() && f.state.size() % row == 0 &&
                  f.coordinate_units.size() == f.coordinate_names.size() &&
                  (f.observation.empty() || f.observation.size() == f.state.size());
  if (!ok) throw base::ShapeError("trajectory figure: state is not (N, T, D) of its coordinates");
  for (const Series& series : f.invariants) {
    if (series.values.size() * f.coordinate_names.size() != f.state.size()) {
      throw base::ShapeError("trajectory figure: invariant '" + series.name + "' is not (N, T)");
    }
  }
}

// Coordinates that share a unit share a panel; more than two units share one.
std::vector<std::vector<std::size_t>> coordinate_panels(const TrajectoryFigure& figure) {
  std::vector<std::string> units;
  std::vector<std::vector<std::size_t>> panels;
  for (std::size_t d = 0; d < figure.coordinate_units.size(); ++d) {
    const auto found = std::ranges::find(units, figure.coordinate_units[d]);
    const auto at = static_cast<std::size_t>(found - units.begin());
    if (found == units.end()) {
      units.push_back(figure.coordinate_units[d]);
      panels.emplace_back();
    }
    panels[at].push_back(d);
  }
  if (panels.size() <= 2) return panels;
  std::vector<std::size_t> all;
  for (const auto& panel : panels) all.insert(all.end(), panel.begin(), panel.end());
  return {all};
}

Axis time_axis(const TrajectoryFigure& figure, bool last) {
  return {last ? axis_label(figure.time_name, figure.time_unit) : "", range_of(figure.time, 0),
          false, last};
}

void draw_coordinates(Canvas& canvas, const Rectangle& area, const TrajectoryFigure& figure,
                      std::vector<std::size_t> coordinates, bool first, bool last) {
  const std::size_t dimension = figure.coordinate_names.size();
  const std::size_t all_coordinates = coordinates.size();
  if (all_coordinates > most_curves) coordinates.resize(most_curves);
  const auto column = [&](const std::vector<double>& values, std::size_t d) {
    std::vector<double> result;
    for (std::size_t t = 0; t < figure.time.size(); ++t) {
      result.push_back(values[t * dimension + d]);
    }
    return result;
  };
  std::vector<double> all;
  const auto& units = figure.coordinate_units;
  const bool same_unit = std::ranges::all_of(
      coordinates, [&](std::size_t d) { return units[d] == units[coordinates[0]]; });
  std::vector<LegendEntry> legend;
  for (const std::size_t d : coordinates) {
    for (const auto* source : {&figure.state, &figure.observation}) {
      if (source->empty()) continue;
      const auto part = column(*source, d);
      all.insert(all.end(), part.begin(), part.end());
    }
    legend.push_back({same_unit
                          ? figure.coordinate_names[d]
                          : axis_label(figure.coordinate_names[d], figure.coordinate_units[d]),
                      palette::series(d)});
  }
  const std::string unit = same_unit ? figure.coordinate_units[coordinates[0]] : "";
  const std::string name =
      coordinates.size() == 1 ? figure.coordinate_names[coordinates[0]] : "value";
  Plot plot(canvas, area, time_axis(figure, last),
            {name == "value" && unit.empty() ? name : axis_label(name, unit), range_of(all, 0.06)});
  for (const std::size_t d : coordinates) {
    Color faint = palette::series(d);
    faint.opacity = 0.45;
    if (!figure.observation.empty()) {
      plot.points(figure.time, column(figure.observation, d), faint, 2.2);
    }
    plot.line(figure.time, column(figure.state, d), palette::series(d), 2);
  }
  std::string title = first ? "Trajectory 1" : "";
  if (all_coordinates > most_curves) {
    title += (first ? ": " : "") + std::to_string(most_curves) + " of " +
             std::to_string(all_coordinates);
  } else if (first) {
    title += " of " + std::to_string(trajectory_count(figure));
  }
  plot.heading(title, legend);
}

struct Drift {
  std::vector<double> median;   // (T), over trajectories
  std::vector<double> maximum;  // (T)
};

Drift drift_of(const Series& series, std::size_t points) {
  const std::size_t count = series.values.size() / points;
  Drift drift;
  for (std::size_t t = 0; t < points; ++t) {
    std::vector<double> distances;
    for (std::size_t n = 0; n < count; ++n) {
      const double distance = std::abs(series.values[n * points + t] - series.values[n * points]);
      if (std::isfinite(distance)) distances.push_back(std::max(distance, drift_floor));
    }
    if (distances.empty()) distances.push_back(drift_floor);
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::ranges::nth_element(distances, middle);
    drift.median.push_back(*middle);
    drift.maximum.push_back(std::ranges::max(distances));
  }
  return drift;
}

// At time 0 the drift is zero by definition, and a logarithmic axis has no place for it.
void draw_drifts(Canvas& canvas, const Rectangle& area, const TrajectoryFigure& figure,
                 const std::vector<const Series*>& conserved, bool last) {
  std::vector<Drift> drifts;
  std::vector<double> all;
  std::vector<LegendEntry> legend;
  for (std::size_t i = 0; i < conserved.size(); ++i) {
    drifts.push_back(drift_of(*conserved[i], figure.time.size()));
    for (const auto* curve : {&drifts.back().median, &drifts.back().maximum}) {
      all.insert(all.end(), curve->begin() + 1, curve->end());
    }
    // many names leave no room for units
    legend.push_back(
        {axis_label(conserved[i]->name, conserved.size() > 2 ? "" : conserved[i]->unit),
         palette::series(i)});
  }
  Range decades = decades_of(all);
  decades.low /= 3;  // keeps a curve at the floor off the frame
  Plot plot(canvas, area, time_axis(figure, last), {"|I(t) \u2212 I(0)|", decades, true});
  const auto time = std::span(figure.time).subspan(1);
  for (std::size_t i = 0; i < drifts.size(); ++i) {
    plot.line(time, std::span(drifts[i].maximum).subspan(1), palette::series(i), 1.3, true);
    plot.line(time, std::span(drifts[i].median).subspan(1), palette::series(i), 2);
  }
  plot.heading(conserved.size() > 2 ? "Drift, dashed: max" : "Drift: median, dashed: maximum",
               legend);
}

void draw_value(Canvas& canvas, const Rectangle& area, const TrajectoryFigure& figure,
                const Series& series, bool last) {
  Plot plot(canvas, area, time_axis(figure, last),
            {axis_label(series.name, series.unit), range_of(series.values, 0.05)});
  const std::size_t points = figure.time.size();
  const std::size_t count = series.values.size() / points;
  for (std::size_t n = 0; n < std::min<std::size_t>(count, 25); ++n) {
    plot.line(figure.time, std::span(series.values).subspan(n * points, points),
              {.red = 0, .green = 0.45, .blue = 0.7, .opacity = 0.55}, 1.4);
  }
  plot.heading("Not conserved: " + axis_label(series.name, ""));
}

// The part of the right half that belongs to panel i of n.
Rectangle panel(std::size_t i, std::size_t n) {
  const double height =
      (panels_area.height - panel_gap * (static_cast<double>(n) - 1)) / static_cast<double>(n);
  return {panels_area.left, panels_area.top + static_cast<double>(i) * (height + panel_gap),
          panels_area.width, height};
}

}  // namespace

Image draw_trajectories(const TrajectoryFigure& figure) {
  check_shapes(figure);
  Canvas canvas(width_px, height_px, palette::paper);
  canvas.text({24, 42}, figure.title, {.size_px = 23, .color = palette::ink, .bold = true});
  canvas.text({24, 68}, figure.subtitle, {.size_px = 15, .color = palette::faint_ink});
  draw_phase_portrait(canvas, portrait_area, figure);

  std::vector<const Series*> conserved;
  std::vector<const Series*> falling;
  for (const Series& series : figure.invariants) {
    (series.conserved ? conserved : falling).push_back(&series);
  }
  // a drift needs a second point in time
  if (figure.time.size() < 2) conserved.clear();
  if (falling.size() > 2) falling.resize(2);
  const auto coordinates = coordinate_panels(figure);
  const std::size_t panels = coordinates.size() + (conserved.empty() ? 0 : 1) + falling.size();

  std::size_t i = 0;
  for (const auto& group : coordinates) {
    draw_coordinates(canvas, panel(i, panels), figure, group, i == 0, i + 1 == panels);
    ++i;
  }
  if (!conserved.empty()) {
    draw_drifts(canvas, panel(i, panels), figure, conserved, i + 1 == panels);
    ++i;
  }
  for (const Series* series : falling) {
    draw_value(canvas, panel(i, panels), figure, *series, i + 1 == panels);
    ++i;
  }
  return canvas.to_image();
}

}  // namespace noether::render
