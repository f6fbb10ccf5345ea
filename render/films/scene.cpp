#include "render/films/scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/pack_sincos.h"
#include "render/scenes/all.h"

namespace noether::render {

void Sketch::body(Point centre, double radius, int ink) {
  shapes_.push_back({centre, centre, radius, ink, true});
}

void Sketch::disc(Point centre, double radius, int ink) {
  shapes_.push_back({centre, centre, radius, ink});
}

void Sketch::line(Point from, Point to, double width, int ink) {
  shapes_.push_back({from, to, width / 2, ink});
}

void Sketch::spring(Point from, Point to, double wide, double line_width) {
  constexpr int turns = 8;
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::sqrt(dx * dx + dy * dy);
  if (length == 0) return;
  Point last = from;
  for (int k = 1; k <= turns + 1; ++k) {
    // the first and the last piece reach the middle line, the others cross it
    const double along = (k - 0.5) / (turns + 1);
    const double across = k > turns ? 0 : (k % 2 == 0 ? 0.5 : -0.5) * wide / length;
    const Point next =
        k > turns ? to
                  : Point{from.x + along * dx - across * dy, from.y + along * dy + across * dx};
    line(last, next, line_width);
    last = next;
  }
}

void Sketch::arrow(Point from, Point to, double width, int ink) {
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::sqrt(dx * dx + dy * dy);
  line(from, to, width, ink);
  if (length == 0) return;
  const double back = 3 * width / length;
  for (const double side : {0.6, -0.6}) {
    line({to.x - back * (dx - side * dy), to.y - back * (dy + side * dx)}, to, width, ink);
  }
}

void Sketch::circle(Point centre, double radius, double line_width) {
  constexpr int sides = 48;
  Point last{centre.x + radius, centre.y};
  for (int k = 1; k <= sides; ++k) {
    const Direction at = direction(2 * std::numbers::pi * k / sides);
    const Point next{centre.x + radius * at.cosine, centre.y + radius * at.sine};
    line(last, next, line_width);
    last = next;
  }
}

const std::vector<Scene>& all_scenes() {
  static const std::vector<Scene> scenes_of_systems{
      scenes::spring(),     scenes::pendulum(),         scenes::double_pendulum(),
      scenes::two_body(),   scenes::three_body(),       scenes::planets(),
      scenes::n_body(),     scenes::kepler(),           scenes::henon_heiles(),
      scenes::duffing(),    scenes::oscillator_2d(),    scenes::spring_ring(),
      scenes::rigid_body(), scenes::charged_particle(), scenes::lennard_jones()};
  return scenes_of_systems;
}

const Scene* known_scene(std::string_view system) {
  for (const Scene& scene : all_scenes()) {
    for (const std::string_view name : scene.systems) {
      if (system == name || (name.ends_with('-') && system.starts_with(name))) return &scene;
    }
  }
  return nullptr;
}

Direction direction(double angle) {
  const auto [sine, cosine] = base::sincos(base::broadcast(angle));
  return {.cosine = base::lanes(cosine)[0], .sine = base::lanes(sine)[0]};
}

double radius_of_mass(double m, double radius) {
  return radius * std::clamp(std::sqrt(m), 0.5, 2.0);
}

}  // namespace noether::render
