#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "bench/flow/flow_file.h"
#include "bench/flow/flow_points.h"
#include "bench/flow/flow_report.h"
#include "learn/autodiff/ops.h"
#include "render/plots/plot.h"

namespace noether::bench {
namespace {

using learn::Tensor;
using render::Range;
using render::Rectangle;

constexpr double side = 300, left = 90, top = 112, across = side + 80, down = side + 80;
constexpr std::int64_t most_points = 3000;

struct Pair {
  std::int64_t x = 0, y = 0;
};
// Of d >= 2 coordinates.
std::vector<Pair> pairs_of(std::int64_t d) {
  constexpr std::int64_t most_pairs = 3;
  std::vector<Pair> pairs;
  for (std::int64_t k = 0; k < d && std::ssize(pairs) < most_pairs; k += 2)
    pairs.push_back(k + 1 < d ? Pair{k, k + 1} : Pair{k, 0});
  return pairs;
}

std::vector<double> column_of(const Tensor& x, std::int64_t k) { return column(x, k).to_vector(); }

// Of the points, without the furthest thousandth on each side, and a tenth wider.
Range range_of(const Tensor& x, std::int64_t k) {
  auto values = column_of(x, k);
  std::ranges::sort(values);
  const std::size_t cut = values.size() / 1000;
  double low = values[cut], high = values[values.size() - 1 - cut];
  if (low == high) low = values.front(), high = values.back();
  return {low - (high - low) / 10, high + (high - low) / 10};
}

Rectangle area_of(std::size_t line, std::size_t column) {
  return {left + static_cast<double>(column) * across, top + static_cast<double>(line) * down, side,
          side};
}

class FlowFigure {
 public:
  FlowFigure(render::Canvas& canvas, const FlowReport& report)
      : canvas_(canvas), report_(report), flow_(flow_of(report.checkpoint)) {}

  void points(std::size_t line, std::size_t column, const std::string& title, const Pair& pair,
              const Tensor& x) {
    const Tensor shown = slice(x, 0, 0, std::min(most_points, x.shape()[0]));
    render::Plot plot = axes(line, column, pair);
    render::Color color = render::palette::series(0);
    color.opacity = 0.4;
    plot.points(column_of(shown, pair.x), column_of(shown, pair.y), color, 1.2);
    plot.heading(title);
  }

  // p of the plane, a cell for two pixels
  void density(std::size_t line, std::size_t column, const Pair& pair) {
    constexpr std::int64_t cells = 150;
    const Rectangle area = area_of(line, column);
    const Range x = range(pair.x), y = range(pair.y);
    const auto middle = [](const Range& range, std::int64_t cell) {
      return range.low + (range.high - range.low) * (static_cast<double>(cell) + 0.5) / cells;
    };
    const Tensor middles = Tensor::build<double>({cells * cells, 2}, [&](std::span<double> values) {
      for (std::int64_t cell = 0; cell < cells * cells; ++cell) {
        values[static_cast<std::size_t>(2 * cell)] = middle(x, cell % cells);
        values[static_cast<std::size_t>(2 * cell + 1)] = middle(y, cell / cells);
      }
    });
    const auto p = exp(log_density(flow_, report_.checkpoint.state.params, middles)).to_vector();
    const double most = std::ranges::max(p), width = side / cells;
    render::Plot plot = axes(line, column, pair);
    for (std::int64_t cell = 0; cell < cells * cells; ++cell) {
      const double at_x = area.left + static_cast<double>(cell % cells) * width,
                   at_y = area.bottom() - static_cast<double>(cell / cells + 1) * width;
      canvas_.rectangle({at_x, at_y, width, width},
                        render::palette::gradient(p[static_cast<std::size_t>(cell)] / most, 1));
    }
    plot.heading("density of the flow");
  }

 private:
  Range range(std::int64_t k) const { return range_of(report_.points.train, k); }

  render::Plot axes(std::size_t line, std::size_t column, const Pair& pair) {
    const auto& names = report_.points.coordinates;
    const auto axis = [&](std::int64_t k) {
      return render::Axis{render::axis_label(names[static_cast<std::size_t>(k)], ""), range(k)};
    };
    return {canvas_, area_of(line, column), axis(pair.x), axis(pair.y)};
  }

  render::Canvas& canvas_;
  const FlowReport& report_;
  const learn::Flow& flow_;
};

// The share of the points in each of 40 equal parts of the range, over its length.
std::vector<double> histogram(const std::vector<double>& values, const Range& range) {
  constexpr std::size_t parts = 40;
  const double width = (range.high - range.low) / parts;
  std::vector<double> shares(parts);
  for (const double value : values) {
    const double part = std::floor((value - range.low) / width);
    if (part >= 0 && part < parts)
      shares[static_cast<std::size_t>(part)] += 1 / (width * static_cast<double>(values.size()));
  }
  return shares;
}

std::vector<double> even(const Range& range, std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i)
    values[i] =
        range.low + (range.high - range.low) * static_cast<double>(i) / static_cast<double>(n - 1);
  return values;
}

// Of one coordinate: how many points there are, and the density.
void draw_on_a_line(render::Canvas& canvas, const FlowReport& report) {
  const FlowEvaluation& e = report.evaluation;
  const Range range = range_of(report.points.train, 0);
  const auto shares = histogram(e.points.to_vector(), range);
  const auto x = even(range, 300), edges = even(range, shares.size() + 1);
  const auto p = exp(log_density(flow_of(report.checkpoint), report.checkpoint.state.params,
                                 Tensor::from<double>(x, {std::ssize(x), 1})))
                     .to_vector();
  const double most = std::max(std::ranges::max(shares), std::ranges::max(p));
  render::Plot plot(canvas, {left, top, 2 * side, side},
                    {render::axis_label(report.points.coordinates[0], ""), range},
                    {"density", {0, 1.1 * most}});
  plot.steps(edges, shares, render::palette::series(0));
  plot.line(x, p, render::palette::series(1), 2);
  const std::vector<render::LegendEntry> legend{{e.split + " points", render::palette::series(0)},
                                                {"flow", render::palette::series(1)}};
  plot.heading("", legend);
}

}  // namespace

render::Image draw_flow(const FlowReport& report) {
  const FlowEvaluation& e = report.evaluation;
  const std::int64_t d = e.points.shape()[1];
  const auto pairs = pairs_of(d);
  const bool is_plane = d == 2;
  render::Canvas canvas(static_cast<int>(left + (is_plane ? 3 : 2) * across - 40),
                        static_cast<int>(top + static_cast<double>(pairs.size()) * down - 10),
                        render::palette::paper);
  canvas.text({24, 38},
              fmt::format("{}: {}", report.points.system, report.checkpoint.model->text()),
              {.size_px = 21, .color = render::palette::ink, .bold = true});
  canvas.text({24, 62},
              fmt::format("{:.3f} nats on {} {} points; a normal density has {:.3f}", e.nats,
                          e.points.shape()[0], e.split, e.normal_nats),
              {.size_px = 14, .color = render::palette::faint_ink});
  if (d == 1) {
    draw_on_a_line(canvas, report);
    return canvas.to_image();
  }
  const Tensor drawn = samples(flow_of(report.checkpoint), report.checkpoint.state.params,
                               most_points, report.checkpoint.seed);
  FlowFigure figure(canvas, report);
  for (std::size_t line = 0; line < pairs.size(); ++line) {
    figure.points(line, 0, e.split + " points", pairs[line], e.points);
    figure.points(line, 1, "points of the flow", pairs[line], drawn);
  }
  if (is_plane) figure.density(0, 2, pairs[0]);
  return canvas.to_image();
}

}  // namespace noether::bench
