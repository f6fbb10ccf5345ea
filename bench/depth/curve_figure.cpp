#include "bench/depth/curve_figure.h"

#include <algorithm>

#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr double width = 280, height = 190, gap = 75, left = 75, top = 105;

using render::palette::series;

// f at each place
std::vector<double> mapped(const std::vector<double>& x, double (*f)(double)) {
  std::vector<double> y;
  std::ranges::transform(x, std::back_inserter(y), f);
  return y;
}

}  // namespace

render::Image curve_figure(const NoisyCurve& curve, const std::vector<CurveFit>& fits,
                           const std::string& caption) {
  const auto columns = static_cast<double>(fits.size());
  render::Canvas canvas(static_cast<int>(std::max(left + columns * (width + gap), 700.0)),
                        static_cast<int>(top + 2 * (height + gap)), render::palette::paper);
  canvas.text({left, 28}, "A curve fitted by layers and by flows, and how much it bends",
              {.size_px = 17, .color = render::palette::ink, .bold = true});
  canvas.text({left, 50}, caption, {.size_px = 13, .color = render::palette::faint_ink});
  const std::vector<render::LegendEntry> legend{
      {"truth", render::palette::ink, true}, {"fit", series(1)}, {"train points", series(0)}};
  draw_legend(canvas, {left, 76}, 600, legend);
  const render::Axis places{"x", {-curve_reach, curve_reach}};
  const auto x = curve.train.x.to_vector(), y = curve.train.y.to_vector();
  for (std::size_t k = 0; k < fits.size(); ++k) {
    const CurveFit& fit = fits[k];
    const double at = left + static_cast<double>(k) * (width + gap);
    render::Plot plane(canvas, {at, top, width, height}, places, {"y", {-1.8, 1.8}});
    plane.heading(fit.name);
    plane.line(fit.x, mapped(fit.x, curve_at), render::palette::ink, 1, true);
    plane.points(x, y, series(0), 2.2);
    plane.line(fit.x, fit.y, series(1), 1.4);
    render::Plot bend(canvas, {at, top + height + gap, width, height}, places, {"y''", {-40, 40}});
    bend.line(fit.x, mapped(fit.x, curve_bend_at), render::palette::ink, 1, true);
    bend.line(fit.x, fit.bend, series(1), 1.4);
  }
  return canvas.to_image();
}

}  // namespace noether::bench
