// Atoms in a box that repeats: one that reaches over a wall is drawn at the opposite wall too.

#include <cmath>

#include "render/scenes/all.h"

namespace noether::render::scenes {
namespace {

using Numbers = std::span<const double>;

// the constants are epsilon, sigma, m, box
void draw(Numbers state, Numbers constants, Sketch& sketch) {
  const double radius = 0.4 * constants[1], box = constants[3];
  const auto within = [&](double x) { return x - box * std::floor(x / box); };
  for (std::size_t i = 0; i < state.size() / 4; ++i) {
    const Point place{within(state[2 * i]), within(state[2 * i + 1])};
    for (const double right : {-box, 0.0, box}) {
      for (const double up : {-box, 0.0, box})
        sketch.body({place.x + right, place.y + up}, radius, body_ink(static_cast<int>(i)));
    }
  }
}

Window box(Numbers constants) {
  return {.centre = {constants[3] / 2, constants[3] / 2}, .width = constants[3]};
}

}  // namespace

Scene lennard_jones() {
  return {.systems = {"lennard-jones-"},
          .shows = "the atoms in their box, and beyond its walls their images",
          .window = box,
          .draw = draw};
}

}  // namespace noether::render::scenes
