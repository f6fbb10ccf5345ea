// Bodies in a plane, each a disc.

#include "render/scenes/all.h"

namespace noether::render::scenes {
namespace {

using Numbers = std::span<const double>;

// The state begins with x1, y1, ..., xn, yn, the constants with the n masses.
void draw_masses(Numbers state, Numbers constants, double radius, Sketch& sketch) {
  for (std::size_t i = 0; i < state.size() / 4; ++i) {
    sketch.body({state[2 * i], state[2 * i + 1]}, radius_of_mass(constants[i], radius),
                body_ink(static_cast<int>(i)));
  }
}

template <int radius_in_hundredths>
void draw_bodies(Numbers state, Numbers constants, Sketch& sketch) {
  draw_masses(state, constants, radius_in_hundredths / 100.0, sketch);
}

// the star rests in the origin
void draw_kepler(Numbers state, Numbers /*constants*/, Sketch& sketch) {
  sketch.disc({0, 0}, 0.24);
  sketch.body({state[0], state[1]}, 0.17, body_ink(0));
}

void draw_star(Numbers state, Numbers /*constants*/, Sketch& sketch) {
  sketch.body({state[0], state[1]}, 0.12, body_ink(0));
}

// the constants are m, charge, B; the color is the sign of the charge
void draw_charge(Numbers state, Numbers constants, Sketch& sketch) {
  sketch.body({state[0], state[1]}, radius_of_mass(constants[0], 0.45),
              body_ink(constants[1] >= 0 ? 0 : 1));
}

// few moons are heavy, and leave the ring
Window around_moons(Numbers constants) {
  const std::size_t bodies = constants.size() - 1;
  return {.centre = {}, .width = bodies < 5 ? 6.0 : 3.6};
}

}  // namespace

Scene two_body() {
  return {.systems = {"two-body"},
          .shows = "the bodies, larger with more mass",
          .window = square<68>,
          .draw = draw_bodies<36>};
}

Scene three_body() {
  return {.systems = {"three-body"},
          .shows = "the bodies, larger with more mass",
          .window = square<50>,
          .draw = draw_bodies<26>};
}

Scene planets() {
  return {.systems = {"planets"},
          .shows = "the star and the planets, larger with more mass",
          .window = square<76>,
          .draw = draw_bodies<40>};
}

Scene n_body() {
  return {.systems = {"n-body-"},
          .shows = "the star and its moons, larger with more mass",
          .window = around_moons,
          .draw = draw_bodies<20>};
}

Scene kepler() {
  return {.systems = {"kepler"},
          .shows = "the star, which rests, and its planet",
          .window = square<48>,
          .draw = draw_kepler};
}

Scene henon_heiles() {
  return {.systems = {"henon-heiles"},
          .shows = "the star in the plane",
          .window = square<24>,
          .draw = draw_star};
}

Scene charged_particle() {
  return {.systems = {"charged-particle"},
          .shows = "the charge in the plane; its color is its sign",
          .window = square<78>,
          .draw = draw_charge};
}

}  // namespace noether::render::scenes
