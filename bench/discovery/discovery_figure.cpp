#include <fmt/format.h>

#include <algorithm>

#include "bench/discovery/discovery.h"
#include "learn/discovery/points.h"
#include "render/plots/contour.h"
#include "render/plots/plot.h"

namespace noether::bench {
namespace {

using learn::symbolic::Expression;
using learn::symbolic::Trajectories;

constexpr int width_px = 1200;
constexpr int height_px = 560;
constexpr double panel_px = 480;
constexpr int levels = 12;

// A law with its numbers, and the states where it holds: moved by its offsets.
struct Shown {
  Expression formula;
  std::string name;
  std::vector<std::vector<double>> x;  // a column a coordinate
};

// What is worth a picture: the first of the ranked formulas; where no formula is a law, or there
// are more coordinates than a plane has, the independent laws of the library.
std::vector<Shown> shown_laws(const Discovery& d) {
  const auto& names = d.data.coordinates;
  std::vector<Shown> shown;
  if (!d.found.classes.empty()) {
    const auto& first = d.found.classes.front();
    const auto formula = learn::symbolic::with_values(first.formula, first.parameters);
    shown.push_back(
        {formula, readable(formula, names), with_offsets_added(d.data, first.offsets).x});
  }
  if (names.size() == 2 && !shown.empty()) return shown;
  if (!d.independent.laws.empty()) shown.clear();
  for (const auto& law : d.independent.laws) {
    if (shown.size() < 2) shown.push_back({law.formula, readable(law.formula, names), d.data.x});
  }
  return shown;
}

std::vector<double> values_of(const Shown& law) {
  std::vector<double> values;
  std::vector<double> state(law.x.size());
  for (std::size_t i = 0; i < law.x.front().size(); ++i) {
    for (std::size_t k = 0; k < state.size(); ++k) state[k] = law.x[k][i];
    values.push_back(learn::symbolic::evaluate(law.formula, state));
  }
  return values;
}

std::span<const double> along(const std::vector<double>& column, const Trajectories& data,
                              std::int64_t trajectory) {
  const std::vector<std::int64_t> starts = data.starts();
  const auto k = static_cast<std::size_t>(trajectory);
  return std::span(column).subspan(static_cast<std::size_t>(starts[k]),
                                   static_cast<std::size_t>(starts[k + 1] - starts[k]));
}

// Its value along every trajectory: lines as level as the law is true.
void draw_values(render::Canvas& canvas, const render::Rectangle& area, const Discovery& d,
                 const Shown& law) {
  const std::vector<double> values = values_of(law);
  std::vector<double> time;
  for (std::int64_t t = 0; t < d.data.samples; ++t)
    time.push_back(static_cast<double>(t) * (d.task.dt > 0 ? d.task.dt : 1));
  const std::string label = d.task.dt > 0 ? render::axis_label("time", d.task.time_unit) : "point";
  render::Plot plot(canvas, area, {label, render::range_of(time, 0)},
                    {"value along each trajectory", render::range_of(values, 0.05)});
  for (std::int64_t k = 0; k < d.data.count; ++k) {
    const double place =
        d.data.count < 2 ? 0 : static_cast<double>(k) / static_cast<double>(d.data.count - 1);
    const auto along_it = along(values, d.data, k);
    plot.line(std::span(time).first(along_it.size()), along_it,
              render::palette::gradient(0.9 * place, 0.9));
  }
  plot.heading(law.name);
}

// Its level lines over the plane of the states, and the trajectories, which should follow them.
void draw_plane(render::Canvas& canvas, const render::Rectangle& area, const Discovery& d,
                const Shown& law) {
  const auto& x = law.x;
  const render::Range across = render::range_of(x[0], 0.15), up = render::range_of(x[1], 0.15);
  const auto label = [&](std::size_t k) {
    return render::axis_label(d.task.coordinates[k], d.task.units[k]);
  };
  render::Plot plot(canvas, area, {label(0), across}, {label(1), up});
  const auto field = render::sample(across, up, 160, 160, [&](double a, double b) {
    return learn::symbolic::evaluate(law.formula, std::array{a, b});
  });
  const std::vector<double> values = values_of(law);
  const auto [least, most] = std::ranges::minmax(values);
  for (int i = -levels / 2; i < levels * 3 / 2; ++i) {
    const double share = (i + 0.5) / levels;
    const auto color = render::palette::gradient(std::clamp(share, 0.0, 1.0) * 0.9, 0.9);
    for (const auto& [from, to] : render::contour(field, least + share * (most - least)))
      plot.line(std::array{from.x, to.x}, std::array{from.y, to.y}, color, 1.2);
  }
  for (std::int64_t k = 0; k < d.data.count; ++k)
    plot.points(along(x[0], d.data, k), along(x[1], d.data, k), render::palette::ink, 1.1);
  plot.heading("level lines of " + law.name);
}

}  // namespace

render::Image draw_discovery(const Discovery& d) {
  render::Canvas canvas(width_px, height_px, render::palette::paper);
  canvas.text({24, 38}, fmt::format("{}: {}", d.task.system, verdict(d)),
              {.size_px = 21, .color = render::palette::ink, .bold = true});
  canvas.text({24, 62},
              fmt::format("{} trajectories of {}{} points{}", d.data.count,
                          d.data.lengths.empty() ? "" : "up to ", d.data.samples,
                          d.data.offset_variance > 0 ? ", moved by their fitted offsets" : ""),
              {.size_px = 14, .color = render::palette::faint_ink});
  const std::vector<Shown> laws = shown_laws(d);
  const render::Rectangle left{90, 110, panel_px, 390}, right{690, 110, panel_px, 390};
  if (laws.empty()) return canvas.to_image();
  if (d.data.dimension() == 2) {
    draw_plane(canvas, left, d, laws[0]);
    draw_values(canvas, right, d, laws[0]);
    return canvas.to_image();
  }
  draw_values(canvas, left, d, laws[0]);
  if (laws.size() > 1) draw_values(canvas, right, d, laws[1]);
  return canvas.to_image();
}

}  // namespace noether::bench
