#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "render/films/film_strip.h"
#include "render/gym/pendulum_frame.h"
#include "render/plots/ticks.h"
#include "render/plots/trajectory_figure.h"

namespace noether::render {
namespace {

// N circles of growing radius in every pair of coordinates.
TrajectoryFigure circles(std::size_t count, std::size_t points,
                         const std::vector<std::string>& names) {
  TrajectoryFigure figure;
  figure.title = "circles";
  figure.subtitle = "q\u00b2 + p\u00b2";
  figure.time_name = "time";
  figure.time_unit = "s";
  figure.coordinate_names = names;
  figure.coordinate_units.assign(names.size(), "m");
  figure.invariants.push_back({"energy", "J", {}, true});
  for (std::size_t t = 0; t < points; ++t) figure.time.push_back(0.1 * static_cast<double>(t));
  for (std::size_t n = 0; n < count; ++n) {
    const double radius = 1 + 0.1 * static_cast<double>(n);
    for (const double time : figure.time) {
      for (std::size_t d = 0; d < names.size(); ++d) {
        figure.state.push_back(radius * std::cos(time - static_cast<double>(d)));
      }
      figure.invariants[0].values.push_back(radius * radius + 1e-13 * std::sin(time));
    }
  }
  return figure;
}

// Pixels that are neither white nor grey: what is drawn in color.
int colored_pixels(const Image& image) {
  int count = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    if (image.rgb[i] != image.rgb[i + 1] || image.rgb[i] != image.rgb[i + 2]) ++count;
  }
  return count;
}

Episode episode(std::size_t steps, int size_px) {
  Episode e;
  e.title = "an episode";
  PendulumRenderer renderer(size_px);
  for (std::size_t t = 0; t <= steps; ++t) {
    const double time = 0.05 * static_cast<double>(t);
    const auto frame = renderer.draw(time, {});
    e.frames.push_back({size_px, size_px, {frame.begin(), frame.end()}});
    e.time.push_back(time);
    e.theta.push_back(4 * time);
    if (t == steps) break;
    e.torque.push_back(std::sin(time));
    e.rewards.push_back(-time);
  }
  return e;
}

}  // namespace

TEST_CASE("a trajectory figure shows its curves and is the same each time", "[render][figure]") {
  const TrajectoryFigure figure = circles(3, 40, {"q", "p"});
  const Image image = draw_trajectories(figure);
  CHECK(image.width_px == 1400);
  CHECK(colored_pixels(image) > 5000);
  CHECK(draw_trajectories(figure) == image);
}

TEST_CASE("noisy observations add points to a trajectory figure", "[render][figure]") {
  TrajectoryFigure figure = circles(2, 40, {"q", "p"});
  const int without = colored_pixels(draw_trajectories(figure));
  for (const double x : figure.state) figure.observation.push_back(1.1 * x);
  CHECK(colored_pixels(draw_trajectories(figure)) > without);
}

TEST_CASE("every system's coordinates make a figure", "[render][figure]") {
  const std::vector<std::vector<std::string>> systems{
      {"q"},
      {"q", "p"},
      {"x", "y", "direction"},
      {"q1", "q2", "p1", "p2"},
      {"x1", "y1", "x2", "y2", "vx1", "vy1", "vx2", "vy2"}};
  for (const auto& names : systems) {
    CAPTURE(names.size());
    CHECK(colored_pixels(draw_trajectories(circles(1, 20, names))) > 1000);
  }
}

TEST_CASE("more trajectories than fit are thinned out", "[render][figure]") {
  CHECK(colored_pixels(draw_trajectories(circles(200, 10, {"q", "p"}))) > 1000);
}

TEST_CASE("degenerate data make a figure all the same", "[render][figure]") {
  TrajectoryFigure constant = circles(1, 5, {"q", "p"});
  std::ranges::fill(constant.state, 2.0);
  std::ranges::fill(constant.invariants[0].values, 4.0);  // zero drift
  CHECK(colored_pixels(draw_trajectories(constant)) > 100);

  TrajectoryFigure single_point = circles(1, 1, {"q", "p"});
  CHECK(draw_trajectories(single_point).width_px == 1400);

  TrajectoryFigure broken = circles(2, 20, {"q", "p"});
  broken.state[7] = std::numeric_limits<double>::quiet_NaN();
  broken.invariants[0].values[3] = std::numeric_limits<double>::infinity();
  CHECK(colored_pixels(draw_trajectories(broken)) > 1000);

  TrajectoryFigure falling = circles(2, 20, {"q", "p"});
  falling.invariants[0].conserved = false;
  CHECK(colored_pixels(draw_trajectories(falling)) > 1000);
}

TEST_CASE("arrays that do not fit together make no figure", "[render][figure]") {
  TrajectoryFigure figure = circles(2, 20, {"q", "p"});
  figure.state.pop_back();
  CHECK_THROWS_AS(draw_trajectories(figure), base::ShapeError);
  CHECK_THROWS_AS(draw_trajectories({}), base::ShapeError);
}

TEST_CASE("a film strip holds frames of any size and length", "[render][figure]") {
  for (const std::size_t steps : {std::size_t{0}, std::size_t{1}, std::size_t{60}}) {
    for (const int size_px : {16, 64, 300}) {
      CAPTURE(steps, size_px);
      const Image strip = draw_film_strip(episode(steps, size_px));
      CHECK(strip.width_px == 1400);
      CHECK(colored_pixels(strip) > 100);
    }
  }
  CHECK(draw_film_strip(episode(20, 64), 6) == draw_film_strip(episode(20, 64), 6));
}

TEST_CASE("an animation has one equal-sized picture per frame", "[render][figure]") {
  const auto pictures = draw_animation(episode(5, 64));
  REQUIRE(pictures.size() == 6);
  for (const Image& picture : pictures) {
    CHECK(picture.height_px == 256);
    CHECK(picture.width_px == pictures[0].width_px);
  }
  CHECK(pictures[0] != pictures[5]);
}

TEST_CASE("ticks are round numbers inside their range", "[render][figure]") {
  const auto labels = [](const std::vector<Tick>& ticks) {
    std::vector<std::string> result;
    for (const Tick& tick : ticks) result.push_back(tick.label);
    return result;
  };
  CHECK(labels(nice_ticks({-1.1, 1.2}, 4)) ==
        std::vector<std::string>{"\u22121.0", "\u22120.5", "0.0", "0.5", "1.0"});
  CHECK(labels(nice_ticks({0, 20}, 4)) == std::vector<std::string>{"0", "5", "10", "15", "20"});
  CHECK(labels(log_ticks({1e-13, 1e-11}, 4)) == std::vector<std::string>{"10\u207b\u00b9\u00b3",
                                                                         "10\u207b\u00b9\u00b2",
                                                                         "10\u207b\u00b9\u00b9"});
}

TEST_CASE("ranges are never empty", "[render][figure]") {
  const auto length = [](const Range& range) { return range.high - range.low; };
  const std::vector<double> constant{3, 3, 3};
  const std::vector<double> none{std::numeric_limits<double>::quiet_NaN()};
  const std::vector<double> zero{0, 0};
  CHECK(length(range_of(constant, 0)) > 0);
  CHECK(length(range_of(none, 0)) > 0);
  CHECK(length(range_of(zero, 0)) > 0);
  CHECK(length(decades_of(zero)) > 0);
}

}  // namespace noether::render
