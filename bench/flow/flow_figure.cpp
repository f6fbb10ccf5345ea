#include "bench/flow/flow_figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/flow/circles.h"
#include "render/plots/plot.h"

namespace noether::bench {
namespace {

using learn::Tensor;
using render::Rectangle;

// a grid of 120 cells has two pixels a cell
constexpr double side = 180, gap = 10, left = 210, top = 96;
constexpr double shown = 1.5;  // of the plane: [-shown, shown]^2

Rectangle area_of(std::size_t line, std::size_t column) {
  return {left + static_cast<double>(column) * (side + gap),
          top + static_cast<double>(line) * (side + gap), side, side};
}

// Points of one time, in the colors of the circles that they are on at the end.
void draw_points(render::Canvas& canvas, const Rectangle& area, const Tensor& points,
                 const Tensor& end) {
  const auto at = points.to_vector(), last = end.to_vector();
  const double scale = area.width / (2 * shown);
  constexpr double between = (circle_radii[0] + circle_radii[1]) / 2, opacity = 0.55;
  canvas.clip(area);
  for (std::size_t i = 0; i + 1 < at.size(); i += 2) {
    const bool is_outer = last[i] * last[i] + last[i + 1] * last[i + 1] > between * between;
    render::Color color = render::palette::series(is_outer ? 0 : 1);
    color.opacity = opacity;
    canvas.disc({area.left + (at[i] + shown) * scale, area.bottom() - (at[i + 1] + shown) * scale},
                1, color);
  }
  canvas.unclip();
  canvas.frame(area, render::palette::grid, 1);
}

void draw_density(render::Canvas& canvas, const Rectangle& area, const PlaneGrid& grid,
                  const Tensor& density, double most) {
  const double scale = area.width / (2 * shown);
  const double cell = 2 * grid.reach / static_cast<double>(grid.side) * scale;
  const auto middles = grid.middles().to_vector(), values = density.to_vector();
  canvas.clip(area);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = area.left + (middles[2 * i] + shown) * scale - cell / 2,
                 y = area.bottom() - (middles[2 * i + 1] + shown) * scale - cell / 2;
    canvas.rectangle({x, y, cell, cell},
                     render::palette::gradient(std::min(values[i] / most, 1.0), 1));
  }
  canvas.unclip();
}

void draw_name(render::Canvas& canvas, std::size_t line, const std::string& name) {
  canvas.text({24, area_of(line, 0).top + side / 2}, name,
              {.size_px = 13, .color = render::palette::ink});
}

}  // namespace

render::Image flow_figure(const std::vector<FlowPicture>& flows, const std::vector<double>& times,
                          const PlaneGrid& grid, const Tensor& data, const std::string& caption) {
  const Rectangle last = area_of(flows.size(), times.size());
  render::Canvas canvas(static_cast<int>(last.right() + 24), static_cast<int>(last.bottom() + 20),
                        render::palette::paper);
  canvas.text({24, 28}, "Flows that carry a normal density to two circles",
              {.size_px = 17, .color = render::palette::ink, .bold = true});
  canvas.text({24, 50}, caption, {.size_px = 13, .color = render::palette::faint_ink});
  const auto head = [&](std::size_t column, const std::string& name) {
    canvas.text({area_of(0, column).left, top - 8}, name,
                {.size_px = 13, .color = render::palette::ink});
  };
  for (std::size_t k = 0; k < times.size(); ++k) head(k, fmt::format("t = {:g}", times[k]));
  head(times.size(), "density");
  const Tensor truth = circles_density(grid.middles());
  const double most = std::ranges::max(truth.to_vector());
  for (std::size_t line = 0; line < flows.size(); ++line) {
    const FlowPicture& flow = flows[line];
    draw_name(canvas, line, flow.name);
    for (std::size_t k = 0; k < times.size(); ++k)
      draw_points(canvas, area_of(line, k), flow.frames[k], flow.frames.back());
    draw_density(canvas, area_of(line, times.size()), grid, flow.density, most);
  }
  draw_name(canvas, flows.size(), "data");
  draw_points(canvas, area_of(flows.size(), times.size() - 1), data, data);
  draw_density(canvas, last, grid, truth, most);
  return canvas.to_image();
}

}  // namespace noether::bench
