#include "bench/depth/depth_figure.h"

#include <algorithm>

#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr double side = 230, gap = 70, left = 75, top = 105, chart_height = 130, chart_gap = 75;

using render::palette::series;

}  // namespace

PlaneMotion plane_motion(std::span<const double> times, const learn::Tensors& states) {
  PlaneMotion motion{.t = {times.begin(), times.end()}, .x = {}, .y = {}};
  for (const learn::Tensor& state : states) {
    const auto at = state.to_vector();
    motion.x.push_back(at[0]);
    motion.y.push_back(at[1]);
  }
  return motion;
}

render::Image depth_figure(const PlaneFits& figure) {
  const auto columns = static_cast<double>(figure.fits.size());
  render::Canvas canvas(static_cast<int>(std::max(left + columns * (side + gap), 700.0)),
                        static_cast<int>(top + side + chart_gap + chart_height + 60),
                        render::palette::paper);
  canvas.text({left, 28}, figure.title,
              {.size_px = 17, .color = render::palette::ink, .bold = true});
  canvas.text({left, 50}, figure.caption, {.size_px = 13, .color = render::palette::faint_ink});
  const render::Color line = series(1);
  std::vector<render::LegendEntry> legend{{"truth", render::palette::ink, true},
                                          {"predicted", line}};
  if (!figure.observed.t.empty()) legend.push_back({"observed", series(0)});
  draw_legend(canvas, {left, 76}, 600, legend);
  const render::Range both{-figure.reach, figure.reach};
  const PlaneMotion &truth = figure.truth, &observed = figure.observed;
  for (std::size_t k = 0; k < figure.fits.size(); ++k) {
    const PlaneMotion& path = figure.fits[k].path;
    const double x = left + static_cast<double>(k) * (side + gap);
    render::Plot plane(canvas, {x, top, side, side}, {"y1", both}, {"y2", both});
    plane.heading(figure.fits[k].name);
    plane.line(truth.x, truth.y, render::palette::ink, 1, true);
    plane.points(observed.x, observed.y, series(0), 2.2);
    plane.line(path.x, path.y, line, 1.4);
    render::Plot chart(canvas, {x, top + side + chart_gap, side, chart_height},
                       {"time", {0, truth.t.back()}}, {"y1", both});
    chart.line(truth.t, truth.x, render::palette::ink, 1, true);
    chart.points(observed.t, observed.x, series(0), 1.8);
    chart.line(path.t, path.x, line, 1.4);
  }
  return canvas.to_image();
}

}  // namespace noether::bench
