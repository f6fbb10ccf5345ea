#include "bench/maps/maps_figure.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr double frame = 150, gap = 10, left = 30, top = 100, line_height = 240;
constexpr double chart = 210, chart_gap = 80;
constexpr std::size_t frames = 6;
constexpr double reach = 1.15;         // of the plane that a frame shows
constexpr double longest_arrow = 0.3;  // in that plane

using render::palette::series;

double longest(const learn::Tensors& cotangents) {
  double most = 0;
  for (const learn::Tensor& of_layer : cotangents) {
    const auto a = of_layer.to_vector();
    for (std::size_t i = 0; i + 1 < a.size(); i += 2)
      most = std::max(most, std::hypot(a[i], a[i + 1]));
  }
  return most > 0 ? most : 1;
}

void draw_frame(render::Canvas& canvas, const render::Rectangle& area, const MapScene& scene,
                const Charges& charges, std::size_t layer) {
  const double scale = area.width / (2 * reach);
  const auto place = [&](double x, double y) {
    return render::Point{area.left + (x + reach) * scale, area.bottom() - (y + reach) * scale};
  };
  canvas.frame(area, render::palette::grid, 1);
  canvas.clip(area);
  const auto x = charges.points[layer].to_vector(), a = charges.cotangents[layer].to_vector();
  const double unit = longest_arrow / longest(charges.cotangents);
  for (std::size_t i = 0; i < scene.cluster.size(); ++i) {
    const auto color = series(static_cast<std::size_t>(scene.cluster[i]));
    const render::Point at = place(x[2 * i], x[2 * i + 1]);
    const std::vector<render::Point> arrow{
        at, place(x[2 * i] - unit * a[2 * i], x[2 * i + 1] - unit * a[2 * i + 1])};
    canvas.line(arrow, render::Color{color.red, color.green, color.blue, 0.5}, 1);
    canvas.disc(at, 1.8, color);
  }
  canvas.unclip();
  canvas.text({area.left + 5, area.top + 14}, std::to_string(layer),
              {.size_px = 11, .color = render::palette::faint_ink});
}

// Of the first layers, `shown` of them.
void draw_chart(render::Canvas& canvas, const render::Rectangle& area, const std::string& name,
                const Charges& charges, std::vector<double> ChargeCurves::*charge,
                std::size_t shown) {
  const std::vector<double>& of_all = charges.all.*charge;
  std::vector<double> layer(of_all.size());
  std::iota(layer.begin(), layer.end(), 0);
  double least = 0, most = 0;
  const auto widen = [&](const std::vector<double>& values) {
    const auto [low, high] = std::ranges::minmax(values);
    least = std::min(least, low);
    most = std::max(most, high);
  };
  widen(of_all);
  for (const ChargeCurves& one : charges.of_cluster) widen(one.*charge);
  const double margin = most > least ? 0.08 * (most - least) : 1;
  render::Plot plot(canvas, area, {"maps applied", {0, layer.back()}},
                    {"", {least - margin, most + margin}});
  plot.heading(name);
  const auto first = [shown](std::vector<double> values) {
    values.resize(shown);
    return values;
  };
  for (std::size_t k = 0; k < charges.of_cluster.size(); ++k)
    plot.line(first(layer), first(charges.of_cluster[k].*charge), series(k), 1.4);
  plot.line(first(layer), first(of_all), render::palette::ink, 1.8);
}

}  // namespace

render::Image maps_figure(const std::vector<std::pair<MapScene, Charges>>& processes,
                          const std::string& caption) {
  const double strip = frames * (frame + gap);
  render::Canvas canvas(static_cast<int>(left + strip + 2 * (chart + chart_gap) + 20),
                        static_cast<int>(top + line_height * static_cast<double>(processes.size())),
                        render::palette::paper);
  canvas.text({left, 28}, "Points carried by fifty maps, and what the maps conserve",
              {.size_px = 17, .color = render::palette::ink, .bold = true});
  canvas.text(
      {left, 50},
      caption +
          "; lines from the points: -dL/dx, where they ought to go; charts: sums of "
          "dL/dx (P) and of x cross dL/dx (J), of all points black, of a cluster in its color",
      {.size_px = 13, .color = render::palette::faint_ink});
  for (std::size_t k = 0; k < processes.size(); ++k) {
    const auto& [scene, charges] = processes[k];
    const double y = top + line_height * static_cast<double>(k);
    canvas.text({left, y - 8}, scene.name + ": " + scene.description,
                {.size_px = 13, .color = render::palette::ink, .bold = true});
    for (std::size_t f = 0; f < frames; ++f) {
      const std::size_t layer = f * (charges.points.size() - 1) / (frames - 1);
      draw_frame(canvas, {left + static_cast<double>(f) * (frame + gap), y, frame, frame}, scene,
                 charges, layer);
    }
    const double right = left + strip + chart_gap - 20;
    draw_chart(canvas, {right, y + 6, chart, frame - 10}, "P, x", charges,
               &ChargeCurves::momentum_x, charges.points.size());
    draw_chart(canvas, {right + chart + chart_gap, y + 6, chart, frame - 10}, "J", charges,
               &ChargeCurves::angular, charges.points.size());
  }
  return canvas.to_image();
}

std::vector<render::Image> maps_animation(const MapScene& scene, const Charges& charges) {
  constexpr double plane = 300, margin = 24, heading = 46;
  std::vector<render::Image> images;
  for (std::size_t layer = 0; layer < charges.points.size(); ++layer) {
    render::Canvas canvas(static_cast<int>(margin + plane + 2 * (chart + chart_gap)),
                          static_cast<int>(heading + plane + margin), render::palette::paper);
    canvas.text({margin, 26}, scene.name + ": " + scene.description,
                {.size_px = 13, .color = render::palette::ink, .bold = true});
    draw_frame(canvas, {margin, heading, plane, plane}, scene, charges, layer);
    const double right = margin + plane + chart_gap - 20, height = plane - 70;
    draw_chart(canvas, {right, heading + 20, chart, height}, "P, x", charges,
               &ChargeCurves::momentum_x, layer + 1);
    draw_chart(canvas, {right + chart + chart_gap, heading + 20, chart, height}, "J", charges,
               &ChargeCurves::angular, layer + 1);
    images.push_back(canvas.to_image());
  }
  return images;
}

}  // namespace noether::bench
