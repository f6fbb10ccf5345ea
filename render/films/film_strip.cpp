#include "render/films/film_strip.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "render/films/film_tiles.h"
#include "render/plots/plot.h"

namespace noether::render {
namespace {

void check_shapes(const Episode& e) {
  const std::size_t points = e.frames.size();
  const bool ok = points > 0 && e.time.size() == points && e.theta.size() == points &&
                  e.torque.size() + 1 == points && e.rewards.size() + 1 == points;
  if (!ok) throw base::ShapeError("episode picture: T + 1 frames, T torques expected");
}

std::vector<double> wrapped(const std::vector<double>& theta) {
  std::vector<double> result;
  for (const double angle : theta) {
    result.push_back(std::remainder(angle, 2 * std::numbers::pi));
  }
  return result;
}

// A wrapped angle jumps at the bottom: its curve is cut there, where a stroke across the whole
// panel would mean nothing.
void draw_angle(Plot& plot, const std::vector<double>& time, const std::vector<double>& angle) {
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= angle.size(); ++i) {
    if (i < angle.size() && std::abs(angle[i] - angle[i - 1]) < std::numbers::pi) continue;
    plot.line(std::span(time).subspan(begin, i - begin), std::span(angle).subspan(begin, i - begin),
              palette::series(0), 2);
    begin = i;
  }
}

void draw_curves(Canvas& canvas, double top, const Episode& episode,
                 const std::vector<std::size_t>& shown) {
  const Rectangle upper{strip_margin + 71, top, strip_width_px - 2 * strip_margin - 71, 150};
  const Rectangle lower{upper.left, upper.bottom() + 44, upper.width, 110};
  const Range time = range_of(episode.time, 0);
  const std::vector<double> angles = wrapped(episode.theta);

  Plot angle(canvas, upper, {"", time, false, false}, {"angle (rad)", {-3.4, 3.4}});
  draw_angle(angle, episode.time, angles);
  for (const std::size_t i : shown) {
    angle.points(std::span(episode.time).subspan(i, 1), std::span(angles).subspan(i, 1),
                 palette::series(0), 4);
  }
  angle.heading("Angle from upright; dots: the frames above");

  const double strongest = episode.torque.empty()
                               ? 1
                               : std::abs(*std::ranges::max_element(
                                     episode.torque, {}, [](double u) { return std::abs(u); }));
  const double reach = 1.1 * std::max(strongest, 0.1);
  Plot torque(canvas, lower, {"time (s)", time}, {"torque (N m)", {-reach, reach}});
  torque.steps(episode.time, episode.torque, palette::series(1), 1.8);
  torque.heading("Torque");
}

}  // namespace

Image draw_film_strip(const Episode& episode, int columns) {
  check_shapes(episode);
  const FrameTiles tiles = arrange_tiles(episode.frames.size(), columns);
  const double curves_top = tiles.bottom + 34;
  Canvas canvas(strip_width_px, static_cast<int>(curves_top) + 366, palette::paper);
  draw_tiles(canvas, tiles, episode.title, episode.frames, episode.time, "s");
  draw_curves(canvas, curves_top, episode, tiles.shown);
  return canvas.to_image();
}

}  // namespace noether::render
