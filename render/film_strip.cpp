#include "render/film_strip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "render/pendulum_frame.h"
#include "render/plot.h"

namespace noether::render {
namespace {

constexpr int strip_width_px = 1400;
constexpr double margin = 24;

void check_shapes(const Episode& e) {
  const std::size_t points = e.frames.size();
  const bool ok = points > 0 && e.time.size() == points && e.theta.size() == points &&
                  e.torque.size() + 1 == points && e.rewards.size() + 1 == points;
  if (!ok) throw base::ShapeError("episode picture: T + 1 frames, T torques expected");
}

// The frame as a tile of about size_px, never blurred: whole multiples up, area averages down.
Image tile(const Image& frame, int size_px) {
  if (frame.width_px > size_px && frame.width_px == frame.height_px) {
    return area_average(frame, size_px);
  }
  return enlarge(frame, std::max(1, size_px / std::max(frame.width_px, 1)));
}

std::vector<double> wrapped(const std::vector<double>& theta) {
  std::vector<double> result;
  for (const double angle : theta) {
    result.push_back(std::remainder(angle, 2 * std::numbers::pi));
  }
  return result;
}

// Index of tile k of n, spread evenly from the first frame to the last.
std::size_t frame_index(std::size_t k, std::size_t n, std::size_t frames) {
  return n < 2 ? 0 : (k * (frames - 1) + (n - 1) / 2) / (n - 1);
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
  const Rectangle upper{margin + 71, top, strip_width_px - 2 * margin - 71, 150};
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
  if (columns < 1 || columns > 40) {
    throw base::UsageError("film strip: " + std::to_string(columns) + " columns are not in 1..40");
  }
  const auto across = static_cast<std::size_t>(columns);
  const std::size_t tiles = std::min(2 * across, episode.frames.size());
  const std::size_t rows = (tiles + across - 1) / across;
  const double pitch = (strip_width_px - 2 * margin) / columns;
  const int tile_px = std::min(static_cast<int>(pitch) - 6, 256);
  const double row_height = tile_px + 30;
  const double curves_top = 80 + static_cast<double>(rows) * row_height + 34;

  Canvas canvas(strip_width_px, static_cast<int>(curves_top) + 366, palette::paper);
  canvas.text({margin, 42}, episode.title, {.size_px = 21, .color = palette::ink, .bold = true});
  std::vector<std::size_t> shown;
  for (std::size_t k = 0; k < tiles; ++k) {
    shown.push_back(frame_index(k, tiles, episode.frames.size()));
    const Image picture = tile(episode.frames[shown.back()], tile_px);
    const double middle = margin + (static_cast<double>(k % across) + 0.5) * pitch;
    const std::size_t row = k / across;
    const double top = 66 + static_cast<double>(row) * row_height;
    const double left = std::round(middle - picture.width_px / 2.0);
    canvas.image(picture, {left, top});
    canvas.frame({left - 0.5, top - 0.5, picture.width_px + 1.0, picture.height_px + 1.0},
                 color_of(0xbdbdbd), 1);
    canvas.text({middle, top + picture.height_px + 17},
                fmt::format("{:.2f} s", episode.time[shown.back()]),
                {.size_px = 13, .color = palette::ink, .align = Align::center});
  }
  draw_curves(canvas, curves_top, episode, shown);
  return canvas.to_image();
}

}  // namespace noether::render
