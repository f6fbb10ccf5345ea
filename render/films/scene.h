#pragma once

// What a state of a system looks like: discs and lines in coordinates of its own. A filmed system
// is one file in render/scenes/, declared in scenes/all.h, and its line in all_scenes().

#include <span>
#include <string_view>
#include <vector>

#include "render/canvas.h"

namespace noether::render {

// Which color a shape has: that of what holds the bodies (rods, springs, walls), or that of a body.
inline constexpr int frame_ink = 0;
constexpr int body_ink(int body) { return 1 + body; }
inline constexpr int most_inks = 33;  // of 32 bodies

// A disc or a thick line with round ends, in coordinates of the scene: x to the right, y upward.
struct Shape {
  Point from;
  Point to;
  double radius = 0;
  int ink = frame_ink;
  bool leaves_tail = false;  // it is drawn again, fainter, in the frames after
};

// The shapes of one state, in the order in which they are painted.
class Sketch {
 public:
  // The part that moves and has a mass: it may leave a tail.
  void body(Point centre, double radius, int ink);
  void disc(Point centre, double radius, int ink = frame_ink);
  void line(Point from, Point to, double width, int ink = frame_ink);
  // A zigzag with straight ends, `wide` from one side to the other.
  void spring(Point from, Point to, double wide, double line_width);
  // A line with a head at its end.
  void arrow(Point from, Point to, double width, int ink);
  // A circle as a polygon of 48 sides.
  void circle(Point centre, double radius, double line_width);

  const std::vector<Shape>& shapes() const { return shapes_; }

 private:
  std::vector<Shape> shapes_;
};

// The square that a frame shows, before the camera is moved.
struct Window {
  Point centre;
  double width = 0;
};

struct Scene {
  // Its systems: "spring", or "n-body-" for every name that begins so.
  std::vector<std::string_view> systems;
  std::string_view shows;  // what is drawn, for people
  Window (*window)(std::span<const double> constants) = nullptr;
  void (*draw)(std::span<const double> state, std::span<const double> constants,
               Sketch& sketch) = nullptr;
};

const std::vector<Scene>& all_scenes();

// The scene of a system; nothing where it has none.
const Scene* known_scene(std::string_view system);

// For scenes with angles (rad): the same bits on every processor.
struct Direction {
  double cosine = 1;
  double sine = 0;
};
Direction direction(double angle);

// The radius of a body of mass `m` whose unit mass has `radius`: its area is its mass, within
// limits that keep it visible.
double radius_of_mass(double m, double radius);

}  // namespace noether::render
