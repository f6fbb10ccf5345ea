// Masses on springs.

#include <algorithm>
#include <numbers>

#include "render/scenes/all.h"

namespace noether::render::scenes {
namespace {

using Numbers = std::span<const double>;

constexpr double mass_radius = 0.2;  // of the default mass

// A mass on a line, tied to a wall on the left.
void on_a_line(double q, double radius, double half_width, Sketch& sketch) {
  const double wall = -0.95 * half_width, unit = half_width / 1.6;
  sketch.spring({wall, 0}, {q, 0}, 0.25 * unit, 0.04 * unit);
  sketch.line({wall, -0.4 * unit}, {wall, 0.4 * unit}, 0.08 * unit);
  sketch.body({q, 0}, radius, body_ink(0));
}

// the constants are k, m, friction; the default mass is 1/2
void draw_spring(Numbers state, Numbers constants, Sketch& sketch) {
  on_a_line(state[0], radius_of_mass(2 * constants[1], mass_radius), 1.6, sketch);
}

void draw_duffing(Numbers state, Numbers /*constants*/, Sketch& sketch) {
  on_a_line(state[0], 0.3, 2.6, sketch);
}

// the constants are k, m; the spring has no length at rest
void draw_in_plane(Numbers state, Numbers constants, Sketch& sketch) {
  const Point mass{state[0], state[1]};
  sketch.line({0, 0}, mass, 0.06);
  sketch.disc({0, 0}, 0.09);
  sketch.body(mass, radius_of_mass(constants[1], mass_radius), body_ink(0));
}

// Five masses with their displacements along a ring, so that one turn is 2 pi radius long.
void draw_ring(Numbers state, Numbers constants, Sketch& sketch) {
  constexpr double radius = 3;
  const std::size_t masses = state.size() / 2;
  std::vector<Point> places;
  for (std::size_t i = 0; i < masses; ++i) {
    const double rest = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(masses);
    const Direction at = direction(rest + state[i] / radius);
    places.push_back({radius * at.sine, radius * at.cosine});
  }
  for (std::size_t i = 0; i < masses; ++i)
    sketch.spring(places[i], places[(i + 1) % masses], 0.4, 0.1);
  for (std::size_t i = 0; i < masses; ++i)
    sketch.body(places[i], radius_of_mass(constants[1], 0.45), body_ink(static_cast<int>(i)));
}

}  // namespace

Scene spring() {
  return {.systems = {"spring"},
          .shows = "a mass on a spring, tied to a wall",
          .window = square<32>,
          .draw = draw_spring};
}

Scene duffing() {
  return {.systems = {"duffing"},
          .shows = "a mass on a spring, tied to a wall",
          .window = square<52>,
          .draw = draw_duffing};
}

Scene oscillator_2d() {
  return {.systems = {"oscillator-2d"},
          .shows = "a mass in the plane, tied to the middle",
          .window = square<38>,
          .draw = draw_in_plane};
}

Scene spring_ring() {
  return {.systems = {"spring-ring"},
          .shows = "masses on a ring, with the springs between them",
          .window = square<78>,
          .draw = draw_ring};
}

}  // namespace noether::render::scenes
