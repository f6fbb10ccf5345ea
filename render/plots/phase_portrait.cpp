#include "render/plots/phase_portrait.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace noether::render {
namespace {

constexpr std::size_t most_trajectories = 25;
constexpr std::size_t most_orbits = 12;  // of bodies; more hide one another
constexpr std::size_t most_names = 8;    // as there are colors

struct Pair {
  std::size_t x = 0;
  std::size_t y = 1;
};

struct Portrait {
  std::vector<Pair> pairs;  // more than one: bodies, each in its own color
  bool plane = false;       // lengths along both axes
  bool lens = false;
};

Portrait portrait_of(const std::vector<std::string>& names) {
  const auto begin_with = [&](const std::vector<std::string>& first) {
    return names.size() >= first.size() && std::equal(first.begin(), first.end(), names.begin());
  };
  if (begin_with({"x1", "y1", "x2", "y2"})) {
    Portrait portrait{{}, true, false};
    for (std::size_t k = 0; k + 1 < names.size(); k += 2) {
      const std::string body = std::to_string(k / 2 + 1);
      if (names[k] == "x" + body && names[k + 1] == "y" + body)
        portrait.pairs.push_back({k, k + 1});
    }
    return portrait;
  }
  if (begin_with({"x", "y"})) return {{{0, 1}}, true, begin_with({"x", "y", "direction"})};
  return {{{0, 1}}, false, false};
}

// Coordinate d of trajectory n, from (N, T, D).
std::vector<double> column(const TrajectoryFigure& figure, const std::vector<double>& values,
                           std::size_t n, std::size_t d) {
  const std::size_t points = figure.time.size();
  const std::size_t dimension = figure.coordinate_names.size();
  std::vector<double> result;
  for (std::size_t t = 0; t < points; ++t) {
    result.push_back(values[(n * points + t) * dimension + d]);
  }
  return result;
}

// Which trajectories are drawn, evenly spread, in rising order of the first invariant.
std::vector<std::size_t> chosen(const TrajectoryFigure& figure, std::size_t count,
                                std::size_t most) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (!figure.invariants.empty()) {
    const auto& values = figure.invariants[0].values;
    const std::size_t points = figure.time.size();
    std::ranges::stable_sort(
        all, [&](std::size_t a, std::size_t b) { return values[a * points] < values[b * points]; });
  }
  if (count <= most) return all;
  std::vector<std::size_t> some;
  for (std::size_t i = 0; i < most; ++i) {
    some.push_back(all[i * (count - 1) / std::max<std::size_t>(most - 1, 1)]);
  }
  return some;
}

Range range_of_columns(const TrajectoryFigure& figure, const std::vector<std::size_t>& trajectories,
                       const std::vector<std::size_t>& coordinates) {
  std::vector<double> values;
  for (const std::size_t n : trajectories) {
    for (const std::size_t d : coordinates) {
      for (const auto* source : {&figure.state, &figure.observation}) {
        if (source->empty()) continue;
        const auto part = column(figure, *source, n, d);
        values.insert(values.end(), part.begin(), part.end());
      }
    }
  }
  return range_of(values, 0.05);
}

std::string coordinate_label(const TrajectoryFigure& figure, std::size_t d) {
  return axis_label(figure.coordinate_names[d], figure.coordinate_units[d]);
}

// A single coordinate has no plane but that of time.
void draw_against_time(Canvas& canvas, const Rectangle& area, const TrajectoryFigure& figure,
                       const std::vector<std::size_t>& trajectories) {
  Plot plot(canvas, area,
            {axis_label(figure.time_name, figure.time_unit), range_of(figure.time, 0)},
            {coordinate_label(figure, 0), range_of_columns(figure, trajectories, {0})});
  for (std::size_t i = 0; i < trajectories.size(); ++i) {
    const double u = (static_cast<double>(i) + 0.5) / static_cast<double>(trajectories.size());
    plot.line(figure.time, column(figure, figure.state, trajectories[i], 0),
              palette::gradient(u, 0.9));
  }
  plot.heading("Trajectories");
}

void draw_curves(Plot& plot, const Portrait& portrait, const TrajectoryFigure& figure,
                 const std::vector<std::size_t>& trajectories) {
  const auto paint = [&](auto draw) {
    for (std::size_t i = 0; i < trajectories.size(); ++i) {
      const double u = (static_cast<double>(i) + 0.5) / static_cast<double>(trajectories.size());
      for (std::size_t k = 0; k < portrait.pairs.size(); ++k) {
        draw(trajectories[i], portrait.pairs[k],
             portrait.pairs.size() > 1 ? palette::series(k) : palette::gradient(u, 1));
      }
    }
  };
  // noisy points first, so that the curves stay readable above them
  if (!figure.observation.empty()) {
    paint([&](std::size_t n, Pair pair, Color color) {
      color.opacity = 0.3;
      plot.points(column(figure, figure.observation, n, pair.x),
                  column(figure, figure.observation, n, pair.y), color, 1.8);
    });
  }
  paint([&](std::size_t n, Pair pair, Color color) {
    color.opacity = 0.85;
    plot.line(column(figure, figure.state, n, pair.x), column(figure, figure.state, n, pair.y),
              color);
  });
  paint([&](std::size_t n, Pair pair, Color color) {
    const auto first = [&](std::size_t d) { return column(figure, figure.state, n, d).front(); };
    const std::vector<double> x{first(pair.x)};
    const std::vector<double> y{first(pair.y)};
    plot.points(x, y, palette::paper, 4.2);
    plot.points(x, y, color, 3);
  });
}

}  // namespace

void draw_phase_portrait(Canvas& canvas, const Rectangle& area, const TrajectoryFigure& figure) {
  const std::size_t dimension = figure.coordinate_names.size();
  const std::size_t count = figure.state.size() / (figure.time.size() * dimension);
  if (dimension == 1) {
    return draw_against_time(canvas, area, figure, chosen(figure, count, most_trajectories));
  }

  const Portrait portrait = portrait_of(figure.coordinate_names);
  const bool bodies = portrait.pairs.size() > 1;
  const auto trajectories = chosen(
      figure, count,
      bodies ? std::max<std::size_t>(most_orbits / portrait.pairs.size(), 1) : most_trajectories);
  std::vector<std::size_t> xs;
  std::vector<std::size_t> ys;
  for (const Pair& pair : portrait.pairs) {
    xs.push_back(pair.x);
    ys.push_back(pair.y);
  }
  Range x = range_of_columns(figure, trajectories, xs);
  Range y = range_of_columns(figure, trajectories, ys);
  if (portrait.plane) make_equal(x, y, area);
  const auto label = [&](std::size_t d, const char* both) {
    return bodies ? axis_label(both, figure.coordinate_units[d]) : coordinate_label(figure, d);
  };
  Plot plot(canvas, area, {label(xs[0], "x"), x}, {label(ys[0], "y"), y});
  if (portrait.lens) plot.circle(0, 0, 1, palette::faint_ink);
  draw_curves(plot, portrait, figure, trajectories);

  std::vector<LegendEntry> legend;
  for (std::size_t k = 0; bodies && k < portrait.pairs.size(); ++k) {
    if (portrait.pairs.size() <= most_names)
      legend.push_back({"body " + std::to_string(k + 1), palette::series(k)});
  }
  if (!bodies && !figure.invariants.empty() && count > 1) {
    legend = {{"low", palette::gradient(0, 1)},
              {"high " + axis_label(figure.invariants[0].name, ""), palette::gradient(1, 1)}};
  }
  const std::string shown = count > trajectories.size()
                                ? ", " + std::to_string(trajectories.size()) + " of " +
                                      std::to_string(count) + " trajectories"
                                : "";
  plot.heading((portrait.lens    ? "Rays"
                : portrait.plane ? "Orbits"
                                 : "Phase portrait") +
                   shown,
               legend);
}

}  // namespace noether::render
