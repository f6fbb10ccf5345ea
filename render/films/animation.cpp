// The frames of an animated episode: the picture, and beside it what a picture does not say.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "render/films/film_strip.h"
#include "render/films/film_tiles.h"
#include "render/plots/plot.h"

namespace noether::render {
namespace {

constexpr int side_px = 200;

void write_quantity(Canvas& canvas, Point at, const std::string& name, const std::string& value) {
  canvas.text(at, name, {.size_px = 12, .color = palette::faint_ink});
  canvas.text({at.x, at.y + 23}, value, {.size_px = 20, .color = palette::ink});
}

std::string number(const char* format, double value) {
  const std::string text = fmt::format(fmt::runtime(format), value);
  return text[0] == '-' ? "\u2212" + text.substr(1) : text;
}

// A bar from the middle, to the left for torque that turns the pendulum that way (positive).
void draw_torque_bar(Canvas& canvas, const Rectangle& area, double torque, double strongest) {
  const double middle = area.left + area.width / 2;
  const double length = -torque / strongest * area.width / 2;
  canvas.rectangle(area, palette::grid);
  canvas.rectangle({std::min(middle, middle + length), area.top, std::abs(length), area.height},
                   palette::series(1));
  const std::array<Point, 2> zero{Point{middle, area.top - 4}, Point{middle, area.bottom() + 4}};
  canvas.line(zero, palette::ink, 1);
}

}  // namespace

std::vector<Image> draw_animation(const Episode& episode) {
  const std::size_t points = episode.frames.size();
  if (points == 0 || episode.time.size() != points || episode.theta.size() != points ||
      episode.torque.size() + 1 != points || episode.rewards.size() + 1 != points) {
    throw base::ShapeError("animation: T + 1 frames, T torques expected");
  }
  double strongest = 0.1;  // N m, so that rest is no division by zero
  for (const double torque : episode.torque) strongest = std::max(strongest, std::abs(torque));

  std::vector<Image> pictures;
  for (std::size_t t = 0; t < points; ++t) {
    const Image large = large_frame(episode.frames[t]);
    Canvas canvas = canvas_beside(large, side_px);

    const double left = large.width_px + 20;
    write_quantity(canvas, {left, 30}, "time", fmt::format("{:.2f} s", episode.time[t]));
    write_quantity(canvas, {left, 80}, "angle from upright",
                   number("{:.2f} rad", std::remainder(episode.theta[t], 2 * std::numbers::pi)));
    // before the first step there is neither torque nor reward
    const bool started = t > 0;
    write_quantity(canvas, {left, 130}, "torque",
                   started ? number("{:.2f} N m", episode.torque[t - 1]) : "\u2013");
    draw_torque_bar(canvas, {left, 164, side_px - 40, 12}, started ? episode.torque[t - 1] : 0,
                    strongest);
    write_quantity(canvas, {left, 206}, "reward",
                   started ? number("{:.2f}", episode.rewards[t - 1]) : "\u2013");
    pictures.push_back(canvas.to_image());
  }
  return pictures;
}

}  // namespace noether::render
