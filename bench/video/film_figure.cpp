#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bench/video/video_report.h"
#include "render/plot.h"

namespace noether::bench {
namespace {

constexpr double margin = 24, label_width = 112, gap = 4;
constexpr double top_room = 84, strip_room = 40, plot_height = 230, plot_room = 330;
constexpr double top_of_film = 36;

// [1, c, h, w] as people see it, each pixel a square: colours as they are, one channel as ink on
// paper.
render::Image picture_of(const learn::Tensor& frame, int factor) {
  const auto channels = frame.shape()[1], height = frame.shape()[2], width = frame.shape()[3];
  const std::vector<double> values = frame.to_vector();
  render::Image image{
      .width_px = static_cast<int>(width), .height_px = static_cast<int>(height), .rgb = {}};
  const std::int64_t plane = height * width;
  for (std::int64_t pixel = 0; pixel < plane; ++pixel) {
    for (std::int64_t c = 0; c < 3; ++c) {
      const std::int64_t of = channels == 3 ? c : 0;
      const double value =
          std::clamp(values[static_cast<std::size_t>(of * plane + pixel)], 0.0, 1.0);
      const double shade = channels == 3 ? value : 1 - value;
      image.rgb.push_back(static_cast<std::uint8_t>(std::lround(255 * shade)));
    }
  }
  return enlarge(image, factor);
}

// Which frames are drawn, and how large.
struct Film {
  std::int64_t frames, stride;
  int factor, tile_px;

  std::int64_t columns() const { return (frames + stride - 1) / stride; }
};
Film film_of(const VideoTask& clips) {
  constexpr std::int64_t most_columns = 16, least_px = 64;
  const auto factor =
      static_cast<int>(std::max<std::int64_t>(1, (least_px + clips.width - 1) / clips.width));
  return {clips.frames, std::max<std::int64_t>(2, (clips.frames + most_columns - 1) / most_columns),
          factor, factor * static_cast<int>(clips.width)};
}

void draw_tile(render::Canvas& canvas, const render::Point& place, const learn::Tensor& frame,
               const Film& film, bool is_seen) {
  canvas.image(picture_of(frame, film.factor), place);
  canvas.frame({place.x - 0.5, place.y - 0.5, film.tile_px + 1.0, film.tile_px + 1.0},
               is_seen ? render::palette::grid : render::palette::faint_ink, 1);
}

void draw_strip(render::Canvas& canvas, double top, const FilmStrip& strip, const Film& film,
                std::int64_t history) {
  canvas.text({margin, top}, fmt::format("Episode {}", strip.episode),
              {.size_px = 14, .color = render::palette::ink, .bold = true});
  const double pitch = film.tile_px + gap;
  for (std::int64_t k = 0; k < film.columns(); ++k) {
    const std::int64_t t = k * film.stride;
    const double left = margin + label_width + static_cast<double>(k) * pitch;
    const std::string name = t < history ? "seen" : fmt::format("{}", t - history + 1);
    canvas.text(
        {left + film.tile_px / 2.0, top}, name,
        {.size_px = 12, .color = render::palette::faint_ink, .align = render::Align::center});
    for (std::size_t row = 0; row < strip.films.size(); ++row) {
      const double above = top + 8 + static_cast<double>(row) * pitch;
      draw_tile(canvas, {left, above}, strip.films[row].second[static_cast<std::size_t>(t)], film,
                t < history);
    }
  }
  for (std::size_t row = 0; row < strip.films.size(); ++row) {
    const double middle = top + 8 + (static_cast<double>(row) + 0.5) * pitch;
    canvas.text({margin, middle}, strip.films[row].first,
                {.size_px = 14, .color = render::palette::ink});
  }
}

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
  const Film film = film_of(clips);
  const std::int64_t history = video_model(checkpoint).options().history;
  const double pitch = film.tile_px + gap;
  const double width =
      std::max(900.0, 2 * margin + label_width + static_cast<double>(film.columns()) * pitch);
  double height = top_room;
  for (const FilmStrip& strip : evaluation.strips)
    height += strip_room + static_cast<double>(strip.films.size()) * pitch;
  render::Canvas canvas(static_cast<int>(width), static_cast<int>(height + plot_room),
                        render::palette::paper);
  canvas.text({margin, 38}, fmt::format("{}: {}", clips.system, checkpoint.model->text()),
              {.size_px = 21, .color = render::palette::ink, .bold = true});
  canvas.text({margin, 60},
              fmt::format("the first of {} test episodes; numbers count the predicted frames",
                          clips.test.size()),
              {.size_px = 14, .color = render::palette::faint_ink});
  double top = top_room + 10;
  for (const FilmStrip& strip : evaluation.strips) {
    draw_strip(canvas, top, strip, film, history);
    top += strip_room + static_cast<double>(strip.films.size()) * pitch;
  }
  draw_errors(canvas, {margin + 71, height + 40, width - 2 * margin - 71, plot_height}, evaluation);
  return canvas.to_image();
}

std::vector<render::Image> animate(const VideoReport& report) {
  const auto& strips = report.evaluation.strips;
  const Film film = film_of(report.clips);
  const std::int64_t history = video_model(report.checkpoint).options().history;
  const double pitch = film.tile_px + gap;
  const double left = margin + label_width;
  const auto rows = strips.front().films.size();
  std::vector<render::Image> pictures;
  for (std::int64_t t = 0; t < film.frames; ++t) {
    render::Canvas canvas(
        static_cast<int>(left + static_cast<double>(strips.size()) * pitch + margin),
        static_cast<int>(top_of_film + static_cast<double>(rows) * pitch + margin),
        render::palette::paper);
    const std::string name =
        t < history ? "seen" : fmt::format("predicted, frame {}", t - history + 1);
    canvas.text({left, 26}, name, {.size_px = 14, .color = render::palette::ink});
    for (std::size_t row = 0; row < rows; ++row) {
      const double above = top_of_film + static_cast<double>(row) * pitch;
      canvas.text({margin, above + pitch / 2}, strips.front().films[row].first,
                  {.size_px = 14, .color = render::palette::ink});
      for (std::size_t i = 0; i < strips.size(); ++i) {
        const learn::Tensor& frame = strips[i].films[row].second[static_cast<std::size_t>(t)];
        draw_tile(canvas, {left + static_cast<double>(i) * pitch, above}, frame, film, t < history);
      }
    }
    pictures.push_back(canvas.to_image());
  }
  return pictures;
}

}  // namespace noether::bench
