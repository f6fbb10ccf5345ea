// Pendulums, hanging down where their angle is 0.

#include "render/scenes/all.h"

namespace noether::render::scenes {
namespace {

using Numbers = std::span<const double>;

constexpr double rod_width = 0.07, bob_radius = 0.17;

Point end_of_rod(Point from, double angle, double length) {
  const Direction at = direction(angle);
  return {from.x + length * at.sine, from.y - length * at.cosine};
}

// the constants are m, g, l and perhaps more; the default mass is 1/2
void draw_pendulum(Numbers state, Numbers constants, Sketch& sketch) {
  const Point bob = end_of_rod({0, 0}, state[0], constants[2]);
  sketch.line({0, 0}, bob, rod_width);
  sketch.disc({0, 0}, rod_width);
  sketch.body(bob, radius_of_mass(2 * constants[0], bob_radius), body_ink(0));
}

// the constants are m, g, l, mass_ratio, length_ratio, friction
void draw_double(Numbers state, Numbers constants, Sketch& sketch) {
  const double mass = 2 * constants[0], length = constants[2];
  const Point upper = end_of_rod({0, 0}, state[0], length);
  const Point lower = end_of_rod(upper, state[1], constants[4] * length);
  sketch.line({0, 0}, upper, rod_width);
  sketch.line(upper, lower, rod_width);
  sketch.disc({0, 0}, rod_width);
  sketch.body(upper, radius_of_mass(mass, bob_radius), body_ink(0));
  sketch.body(lower, radius_of_mass(constants[3] * mass, bob_radius), body_ink(1));
}

}  // namespace

Scene pendulum() {
  return {.systems = {"pendulum", "damped-pendulum"},
          .shows = "rod and bob",
          .window = square<26>,
          .draw = draw_pendulum};
}

Scene double_pendulum() {
  return {.systems = {"double-pendulum"},
          .shows = "two rods and bobs",
          .window = square<46>,
          .draw = draw_double};
}

}  // namespace noether::render::scenes
