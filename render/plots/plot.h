#pragma once

// A diagram: axes with their names, curves and points in a rectangle of a canvas.

#include <span>
#include <string>
#include <vector>

#include "render/canvas.h"
#include "render/plots/ticks.h"

namespace noether::render {

// Colors that the color-blind can tell apart (Okabe and Ito, 2008), and the inks of text and lines.
namespace palette {
Color series(std::size_t i);               // 0 blue, 1 vermilion, 2 green, ...; repeats after 8
Color gradient(double u, double opacity);  // viridis, from dark (0) to light (1)
inline const Color ink = color_of(0x222222);
inline const Color faint_ink = color_of(0x6a6a6a);
inline const Color grid = color_of(0xe6e6e6);
inline const Color paper = color_of(0xffffff);
}  // namespace palette

struct Axis {
  std::string label;  // "time (s)"
  Range range;
  bool logarithmic = false;
  bool numbered = true;
};

// "name (unit)", or the name alone; underscores are spaces.
std::string axis_label(const std::string& name, const std::string& unit);

struct LegendEntry {
  std::string name;
  Color color;
  bool dashed = false;
};

// Draws the entries side by side from `start`, the left end of the first baseline, in as many lines
// as fit the width; returns the number of lines, 20 px each.
int draw_legend(Canvas& canvas, const Point& start, double width,
                std::span<const LegendEntry> legend);

class Plot {
 public:
  // Draws grid and axes; `area` is what the axes enclose, numbers and names go around it: about
  // 70 px to the left, 45 below.
  Plot(Canvas& canvas, const Rectangle& area, Axis x, Axis y);

  // Curves end at the frame; points that are not finite (or not positive on a logarithmic axis) are
  // left out.
  void line(std::span<const double> x, std::span<const double> y, Color color, double width = 1.6,
            bool dashed = false);
  void steps(std::span<const double> x, std::span<const double> y, Color color, double width = 1.6);
  void points(std::span<const double> x, std::span<const double> y, Color color, double radius);
  void circle(double x, double y, double radius, Color color);

  // Above the frame: a name at its left end, a legend at its right end, smaller where both are
  // long.
  void heading(const std::string& title, std::span<const LegendEntry> legend = {});

 private:
  Point place(double x, double y) const;
  void draw_x_axis();
  void draw_y_axis();

  Canvas& canvas_;
  Rectangle area_;
  Axis x_;
  Axis y_;
};

// The area's ranges widened such that one unit has the same length along both axes.
void make_equal(Range& x, Range& y, const Rectangle& area);

}  // namespace noether::render
