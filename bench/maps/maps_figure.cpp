#include "bench/maps/maps_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr double frame = 150, gap = 10, left = 30, top = 100, line_height = 240;
constexpr double chart = 210, chart_gap = 80;
constexpr std::size_t frames = 6;
constexpr double longest_line = 0.26;  // of the reach of the plane

using learn::Tensor;
using render::palette::series;

double longest(const learn::Tensors& cotangents) {
  double most = 0;
  for (const Tensor& of_layer : cotangents) {
    const auto a = of_layer.to_vector();
    for (std::size_t i = 0; i + 1 < a.size(); i += 2)
      most = std::max(most, std::hypot(a[i], a[i + 1]));
  }
  return most > 0 ? most : 1;
}

// The largest |coordinate| of all points and of the lens, and a little more.
double reach_of(const PhysicalMotion& motion) {
  double most = motion.lens;
  for (const Tensor& at_time : motion.charges.points)
    for (const double value : at_time.to_vector()) most = std::max(most, std::abs(value));
  return 1.1 * most;
}

// `place` is the canvas point of a point in the plane.
template <class Place>
void draw_circle(render::Canvas& canvas, const Place& place, double radius) {
  std::vector<render::Point> circle;
  for (int i = 0; i <= 90; ++i) {
    const double angle = 2 * std::numbers::pi * i / 90;
    circle.push_back(place(radius * std::cos(angle), radius * std::sin(angle)));
  }
  canvas.line(circle, render::palette::faint_ink, 1);
}

// A step as it is written in its frame: 10, or 2.4.
std::string step_label(const DrawnProcess& process, std::size_t layer) {
  return fmt::format("{:.3g}", process.step * static_cast<double>(layer));
}

void draw_frame(render::Canvas& canvas, const render::Rectangle& area, const DrawnProcess& process,
                std::size_t layer) {
  const Charges& charges = process.charges;
  const double scale = area.width / (2 * process.reach);
  const auto place = [&](double x, double y) {
    return render::Point{area.left + (x + process.reach) * scale,
                         area.bottom() - (y + process.reach) * scale};
  };
  canvas.frame(area, render::palette::grid, 1);
  canvas.clip(area);
  if (process.lens > 0) draw_circle(canvas, place, process.lens);
  const auto x = charges.points[layer].to_vector(), a = charges.cotangents[layer].to_vector();
  const double unit = process.arrow * longest_line * process.reach / longest(charges.cotangents);
  for (std::size_t i = 0; i < process.cluster.size(); ++i) {
    const auto color = series(static_cast<std::size_t>(process.cluster[i]));
    const render::Color faint{color.red, color.green, color.blue, 0.5};
    if (process.shows_paths) {
      std::vector<render::Point> path;
      for (std::size_t l = 0; l <= layer; ++l) {
        const auto at = charges.points[l].to_vector();
        path.push_back(place(at[2 * i], at[2 * i + 1]));
      }
      canvas.line(path, faint, 1);
    }
    const render::Point at = place(x[2 * i], x[2 * i + 1]);
    const std::vector<render::Point> arrow{
        at, place(x[2 * i] + unit * a[2 * i], x[2 * i + 1] + unit * a[2 * i + 1])};
    canvas.line(arrow, faint, process.shows_paths ? 2 : 1);
    canvas.disc(at, process.shows_paths ? 3 : 1.8, color);
  }
  canvas.unclip();
  canvas.text({area.left + 5, area.top + 14}, step_label(process, layer),
              {.size_px = 11, .color = render::palette::faint_ink});
}

// Of the first layers, `shown` of them.
void draw_chart(render::Canvas& canvas, const render::Rectangle& area, const DrawnProcess& process,
                const ChargeChart& of_what, std::size_t shown) {
  const Charges& charges = process.charges;
  const std::vector<double>& of_all = charges.all.*of_what.charge;
  std::vector<double> step;
  for (std::size_t l = 0; l < of_all.size(); ++l)
    step.push_back(process.step * static_cast<double>(l));
  double least = 0, most = 0;
  const auto widen = [&](const std::vector<double>& values) {
    const auto [low, high] = std::ranges::minmax(values);
    least = std::min(least, low);
    most = std::max(most, high);
  };
  widen(of_all);
  for (const ChargeCurves& one : charges.of_cluster) widen(one.*of_what.charge);
  const double margin = most > least ? 0.08 * (most - least) : 1;
  render::Plot plot(canvas, area, {process.step_name, {0, step.back()}},
                    {"", {least - margin, most + margin}});
  plot.heading(of_what.title);
  const auto first = [shown](std::vector<double> values) {
    values.resize(shown);
    return values;
  };
  for (std::size_t k = 0; k < charges.of_cluster.size(); ++k)
    plot.line(first(step), first(charges.of_cluster[k].*of_what.charge), series(k), 1.4);
  plot.line(first(step), first(of_all), render::palette::ink, 1.8);
}

// The charts of a process, the first at (x, y).
void draw_charts(render::Canvas& canvas, double x, double y, double height,
                 const DrawnProcess& process, std::size_t shown) {
  for (const ChargeChart& one : process.charts) {
    draw_chart(canvas, {x, y, chart, height}, process, one, shown);
    x += chart + chart_gap;
  }
}

}  // namespace

DrawnProcess drawn(const MapScene& scene, const Charges& charges) {
  DrawnProcess process{.name = scene.name,
                       .description = scene.description,
                       .cluster = scene.cluster,
                       .charges = charges};
  if (scene.kind == MapKind::linear) process.charts[0] = {"D", &ChargeCurves::scaling};
  return process;
}

DrawnProcess drawn(const PhysicalMotion& motion) {
  return {.name = motion.name,
          .description = motion.description,
          .cluster = motion.body,
          .charges = motion.charges,
          .step_name = motion.time_name,
          .step = motion.time_step,
          .arrow = 1,
          .reach = reach_of(motion),
          .shows_paths = true,
          .lens = motion.lens};
}

render::Image maps_figure(const std::vector<DrawnProcess>& processes, const std::string& caption) {
  const double strip = frames * (frame + gap);
  render::Canvas canvas(static_cast<int>(left + strip + 2 * (chart + chart_gap) + 20),
                        static_cast<int>(top + line_height * static_cast<double>(processes.size())),
                        render::palette::paper);
  canvas.text({left, 28},
              "Points carried by fifty maps, what the maps conserve, and physics beside",
              {.size_px = 17, .color = render::palette::ink, .bold = true});
  canvas.text({left, 50},
              caption +
                  "; lines from the points: -dL/dx, where they ought to go (physics: momenta); "
                  "charts: sums of dL/dx (P), of x cross dL/dx (J) and of x . dL/dx (D), of all "
                  "points black, of a cluster in its color",
              {.size_px = 13, .color = render::palette::faint_ink});
  for (std::size_t k = 0; k < processes.size(); ++k) {
    const DrawnProcess& process = processes[k];
    const double y = top + line_height * static_cast<double>(k);
    canvas.text({left, y - 8}, process.name + ": " + process.description,
                {.size_px = 13, .color = render::palette::ink, .bold = true});
    for (std::size_t f = 0; f < frames; ++f) {
      const std::size_t layer = f * (process.charges.points.size() - 1) / (frames - 1);
      draw_frame(canvas, {left + static_cast<double>(f) * (frame + gap), y, frame, frame}, process,
                 layer);
    }
    draw_charts(canvas, left + strip + chart_gap - 20, y + 6, frame - 10, process,
                process.charges.points.size());
  }
  return canvas.to_image();
}

std::vector<render::Image> maps_animation(const DrawnProcess& process) {
  constexpr double plane = 300, margin = 24, heading = 46;
  std::vector<render::Image> images;
  for (std::size_t layer = 0; layer < process.charges.points.size(); ++layer) {
    render::Canvas canvas(static_cast<int>(margin + plane + 2 * (chart + chart_gap)),
                          static_cast<int>(heading + plane + margin), render::palette::paper);
    canvas.text({margin, 26}, process.name + ": " + process.description,
                {.size_px = 13, .color = render::palette::ink, .bold = true});
    draw_frame(canvas, {margin, heading, plane, plane}, process, layer);
    draw_charts(canvas, margin + plane + chart_gap - 20, heading + 20, plane - 70, process,
                layer + 1);
    images.push_back(canvas.to_image());
  }
  return images;
}

}  // namespace noether::bench
