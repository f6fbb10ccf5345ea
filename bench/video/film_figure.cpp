#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "bench/video/strip_figure.h"
#include "bench/video/video_report.h"
#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr double margin = 24, top_room = 84, plot_height = 230, plot_room = 330;

void draw_errors(render::Canvas& canvas, const render::Rectangle& area,
                 const VideoEvaluation& evaluation) {
  std::vector<double> frames(evaluation.rows.front().mse.size()), values;
  std::iota(frames.begin(), frames.end(), 1);
  for (const FilmScores& row : evaluation.rows)
    values.insert(values.end(), row.mse.begin(), row.mse.end());
  render::Plot plot(canvas, area, {"predicted frame", render::range_of(frames, 0)},
                    {"MSE", render::decades_of(values), true});
  std::vector<render::LegendEntry> legend;
  for (std::size_t i = 0; i < evaluation.rows.size(); ++i) {
    plot.line(frames, evaluation.rows[i].mse, render::palette::series(i), 2);
    legend.push_back({evaluation.rows[i].row, render::palette::series(i)});
  }
  plot.heading("Error, mean over test episodes", legend);
}

}  // namespace

render::Image draw_evaluation(const VideoReport& report) {
  const auto& [checkpoint, clips, evaluation, conserved, sha] = report;
  const double width = std::max(900.0, width_of(evaluation.strips));
  const double height = top_room + height_of(evaluation.strips);
  render::Canvas canvas(static_cast<int>(width), static_cast<int>(height + plot_room),
                        render::palette::paper);
  canvas.text({margin, 38}, fmt::format("{}: {}", clips.system, checkpoint.model->text()),
              {.size_px = 21, .color = render::palette::ink, .bold = true});
  canvas.text({margin, 60},
              fmt::format("the first of {} test episodes; numbers count the predicted frames",
                          clips.test.size()),
              {.size_px = 14, .color = render::palette::faint_ink});
  draw_strips(canvas, top_room + 10, evaluation.strips);
  draw_errors(canvas, {margin + 71, height + 40, width - 2 * margin - 71, plot_height}, evaluation);
  return canvas.to_image();
}

}  // namespace noether::bench
