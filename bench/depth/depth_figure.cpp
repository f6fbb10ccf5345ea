#include "bench/depth/depth_figure.h"

#include <algorithm>
#include <array>

#include "render/plot.h"

namespace noether::bench {
namespace {

constexpr double side = 230, gap = 70, left = 75, top = 105, chart_height = 130, chart_gap = 75;
constexpr double reach = 2.4;

using render::palette::series;

struct Curve {
  std::vector<double> t, x, y;
};

Curve truth_of(const Spiral& spiral) {
  Curve curve;
  for (int i = 0; i <= 600; ++i) {
    curve.t.push_back(spiral.predicted_until * i / 600);
    const auto at = spiral_at(curve.t.back());
    curve.x.push_back(at[0]);
    curve.y.push_back(at[1]);
  }
  return curve;
}

Curve path_of(const Spiral& spiral, const learn::Tensors& path) {
  Curve curve{.t = spiral.other_times, .x = {}, .y = {}};
  for (const learn::Tensor& state : path) {
    const auto at = state.to_vector();
    curve.x.push_back(at[0]);
    curve.y.push_back(at[1]);
  }
  return curve;
}

Curve observed_of(const Spiral& spiral) {
  Curve curve{.t = spiral.times, .x = {}, .y = {}};
  const auto values = spiral.observed.to_vector();
  for (std::size_t i = 0; i < values.size(); i += 2) {
    curve.x.push_back(values[i]);
    curve.y.push_back(values[i + 1]);
  }
  return curve;
}

}  // namespace

render::Image depth_figure(const Spiral& spiral, const std::vector<DepthFit>& fits,
                           const std::string& caption) {
  const auto columns = static_cast<double>(fits.size());
  render::Canvas canvas(static_cast<int>(left + columns * (side + gap)),
                        static_cast<int>(top + side + chart_gap + chart_height + 60),
                        render::palette::paper);
  canvas.text({left, 28}, "One spiral, observed at irregular times: layers and flows",
              {.size_px = 17, .color = render::palette::ink, .bold = true});
  canvas.text({left, 50}, caption, {.size_px = 13, .color = render::palette::faint_ink});
  const render::Color line = series(1);
  draw_legend(canvas, {left, 76}, 600,
              std::array{render::LegendEntry{"truth", render::palette::ink, true},
                         render::LegendEntry{"observed", series(0)},
                         render::LegendEntry{"predicted, at other times", line}});
  const Curve truth = truth_of(spiral), observed = observed_of(spiral);
  for (std::size_t k = 0; k < fits.size(); ++k) {
    const double x = left + static_cast<double>(k) * (side + gap);
    const Curve path = path_of(spiral, fits[k].path);
    render::Plot plane(canvas, {x, top, side, side}, {"y1", {-reach, reach}},
                       {"y2", {-reach, reach}});
    plane.heading(fits[k].name);
    plane.line(truth.x, truth.y, render::palette::ink, 1, true);
    plane.points(observed.x, observed.y, series(0), 2.2);
    plane.line(path.x, path.y, line, 1.4);
    render::Plot chart(canvas, {x, top + side + chart_gap, side, chart_height},
                       {"time", {0, spiral.predicted_until}}, {"y1", {-reach, reach}});
    chart.line(truth.t, truth.x, render::palette::ink, 1, true);
    chart.points(observed.t, observed.x, series(0), 1.8);
    chart.line(path.t, path.x, line, 1.4);
  }
  return canvas.to_image();
}

}  // namespace noether::bench
