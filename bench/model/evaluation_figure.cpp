#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "bench/model/evaluation_report.h"
#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr int width_px = 1200;
constexpr int height_px = 480;
constexpr double title_room_px = 1150;

using Curve = std::vector<double> Evaluation::*;

// Both curves are zero, or as good as zero, at time 0, for which a logarithmic axis has no place;
// and soon after it they are so small that an axis which held them would have no room for what rows
// differ by.
std::size_t settled(const std::vector<double>& time) { return 1 + time.size() / 20; }

void draw_curves(render::Canvas& canvas, const render::Rectangle& area, const Report& report,
                 Curve curve, const std::string& name, const std::string& label) {
  const auto& time = report.rows.front().evaluation.time;
  std::vector<double> values;
  for (const EvaluatedRow& row : report.rows) {
    const auto late = std::span(row.evaluation.*curve).subspan(settled(time));
    values.insert(values.end(), late.begin(), late.end());
  }
  render::Plot plot(canvas, area,
                    {render::axis_label("time", report.task.time_unit), render::range_of(time, 0)},
                    {label, render::decades_of(values), true});
  std::vector<render::LegendEntry> legend;
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    const render::Color color = render::palette::series(i);
    plot.line(std::span(time).subspan(1), std::span(report.rows[i].evaluation.*curve).subspan(1),
              color, 2);
    legend.push_back({report.rows[i].name, color});
  }
  plot.heading(name, legend);
}

}  // namespace

render::Image draw_evaluation(const Report& report) {
  const Task& task = report.task;
  render::Canvas canvas(width_px, height_px, render::palette::paper);
  canvas.text({24, 38}, fmt::format("{}: {}", task.system, model_text(report)),
              {.size_px = 21, .color = render::palette::ink, .bold = true});
  std::string line = fmt::format("{} test trajectories", task.starts.shape()[0]);
  if (const std::string how = describe_tailoring(report); !how.empty()) line += "; " + how;
  render::TextStyle style{.size_px = 14, .color = render::palette::faint_ink};
  while (canvas.text_width(line, style) > title_room_px && style.size_px > 8) style.size_px -= 0.5;
  canvas.text({24, 62}, line, style);
  const bool two = !report.rows.front().evaluation.drift_curve.empty();
  const double width = two ? 490 : 1090;
  draw_curves(canvas, {90, 110, width, 310}, report, &Evaluation::rmse_curve, "Error", "RMSE");
  if (two) {
    draw_curves(canvas, {690, 110, width, 310}, report, &Evaluation::drift_curve, "Energy drift",
                "mean |\u0394E| / max |E|");
  }
  return canvas.to_image();
}

}  // namespace noether::bench
