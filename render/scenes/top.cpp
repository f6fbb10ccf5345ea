// A body that turns freely, as its state tells of it: where the angular momentum points, seen by
// somebody who turns with the body. The attitude of the body is no part of the state.

#include <array>
#include <cmath>

#include "render/scenes/all.h"

namespace noether::render::scenes {
namespace {

using Numbers = std::span<const double>;
using Vector = std::array<double, 3>;

// A turned view: right, up and towards the eye, in coordinates of the body, times 3.
constexpr Vector right{-2, 1, 2}, up{1, -2, 2}, nearer{2, 2, 1};

double along(const Vector& axis, const Vector& v) {
  return (axis[0] * v[0] + axis[1] * v[1] + axis[2] * v[2]) / 3;
}

Point seen(const Vector& v) { return {along(right, v), along(up, v)}; }

// the constants are I1, I2, I3; the state is w1, w2, w3
void draw(Numbers state, Numbers constants, Sketch& sketch) {
  sketch.circle({0, 0}, 1, 0.04);
  for (const Vector& axis : {Vector{1, 0, 0}, Vector{0, 1, 0}, Vector{0, 0, 1}})
    sketch.line({0, 0}, seen(axis), 0.04);
  Vector momentum{};
  double squares = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    momentum[i] = constants[i] * state[i];
    squares += momentum[i] * momentum[i];
  }
  if (squares == 0) return;
  const double length = std::sqrt(squares);
  for (double& x : momentum) x /= length;
  // what is nearer is larger
  const Point tip = seen(momentum);
  const int ink = along(nearer, momentum) >= 0 ? body_ink(0) : body_ink(1);
  sketch.line({0, 0}, tip, 0.07, ink);
  sketch.body(tip, 0.13 + 0.05 * along(nearer, momentum), ink);
}

}  // namespace

Scene rigid_body() {
  return {.systems = {"rigid-body"},
          .shows =
              "the direction of the angular momentum on a sphere that turns with the body, "
              "with the three axes of the body",
          .window = square<26>,
          .draw = draw};
}

}  // namespace noether::render::scenes
