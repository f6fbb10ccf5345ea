#pragma once

// Lines of equal value of a function of two variables.

#include <functional>
#include <vector>

#include "render/canvas.h"
#include "render/plots/ticks.h"

namespace noether::render {

// Samples of f on a grid, both ends of the ranges included: row r, column c is values[r * columns +
// c].
struct Field {
  Range x;
  Range y;
  int columns = 0;
  int rows = 0;
  std::vector<double> values;
};

Field sample(const Range& x, const Range& y, int columns, int rows,
             const std::function<double(double x, double y)>& f);

// A piece of a line, in the coordinates of the field.
struct Segment {
  Point from;
  Point to;
};

// Where the field, bilinear between samples, is `level`, by marching squares: a segment or two a
// cell, none in cells with a corner that is not finite. Points are off by the square of the
// spacing.
std::vector<Segment> contour(const Field& field, double level);

}  // namespace noether::render
