// Pictures of films of systems that nothing drives.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "render/films/film_strip.h"
#include "render/films/film_tiles.h"
#include "render/plots/plot.h"

namespace noether::render {
namespace {

constexpr std::size_t most_curves = 8;  // as many as there are colors
constexpr int side_px = 150;

void check_shapes(const FilmedMotion& film) {
  bool ok = !film.frames.empty() && film.time.size() == film.frames.size();
  for (const auto& curve : film.curves) ok = ok && curve.values.size() == film.frames.size();
  if (!ok) throw base::ShapeError("picture of a film: T frames, T times, T values expected");
}

// with a minus that is as wide as a plus, and none before 0.00
std::string number(double value) {
  const std::string text = fmt::format("{:.2f}", value);
  if (text[0] != '-') return text;
  return text == "-0.00" ? "0.00" : "\u2212" + text.substr(1);
}

std::span<const FilmedMotion::Curve> shown_curves(const FilmedMotion& film) {
  return std::span(film.curves).first(std::min(film.curves.size(), most_curves));
}

void draw_curves(Canvas& canvas, double top, const FilmedMotion& film) {
  const Rectangle area{strip_margin + 71, top, strip_width_px - 2 * strip_margin - 71, 200};
  const auto curves = shown_curves(film);
  std::vector<double> values;
  std::vector<LegendEntry> legend;
  for (const auto& curve : curves) {
    values.insert(values.end(), curve.values.begin(), curve.values.end());
    legend.push_back({curve.name, palette::series(legend.size())});
  }
  Plot plot(canvas, area, {axis_label("time", film.time_unit), range_of(film.time, 0)},
            {"", range_of(values, 0.05)});
  for (std::size_t k = 0; k < curves.size(); ++k)
    plot.line(film.time, curves[k].values, palette::series(k), 1.8);
  const bool is_all = curves.size() == film.curves.size();
  plot.heading(is_all ? "Coordinates" : "The first coordinates", legend);
}

Image with_numbers(const FilmedMotion& film, std::size_t t) {
  const Image large = large_frame(film.frames[t]);
  Canvas canvas = canvas_beside(large, side_px);
  double baseline = 26;
  const auto write = [&](const std::string& name, double value) {
    canvas.text({large.width_px + 16.0, baseline}, name,
                {.size_px = 13, .color = palette::faint_ink});
    canvas.text({large.width_px + side_px - 16.0, baseline}, number(value),
                {.size_px = 14, .color = palette::ink, .align = Align::right});
    baseline += 24;
  };
  write(axis_label("time", film.time_unit), film.time[t]);
  for (const auto& curve : shown_curves(film)) write(curve.name, curve.values[t]);
  return canvas.to_image();
}

}  // namespace

Image draw_film_strip(const FilmedMotion& film, int columns) {
  check_shapes(film);
  const FrameTiles tiles = arrange_tiles(film.frames.size(), columns);
  const double top = tiles.bottom + 34;
  Canvas canvas(strip_width_px, static_cast<int>(top) + 260, palette::paper);
  draw_tiles(canvas, tiles, film.title, film.frames, film.time, film.time_unit);
  draw_curves(canvas, top, film);
  return canvas.to_image();
}

std::vector<Image> draw_animation(const FilmedMotion& film) {
  check_shapes(film);
  std::vector<Image> pictures;
  for (std::size_t t = 0; t < film.frames.size(); ++t) pictures.push_back(with_numbers(film, t));
  return pictures;
}

}  // namespace noether::render
