#include "render/plots/contour.h"

#include <array>
#include <cmath>

namespace noether::render {
namespace {

double position(const Range& range, int i, int count) {
  return range.low + (range.high - range.low) * i / (count - 1);
}

// The points where the level crosses the sides of one cell, counter-clockwise from its lower left
// corner: none, two, or four at a saddle.
std::vector<Point> crossings(const std::array<Point, 4>& corners,
                             const std::array<double, 4>& values, double level) {
  std::vector<Point> found;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t j = (i + 1) % 4;
    if ((values[i] < level) == (values[j] < level)) continue;
    const double share = (level - values[i]) / (values[j] - values[i]);
    found.push_back({corners[i].x + share * (corners[j].x - corners[i].x),
                     corners[i].y + share * (corners[j].y - corners[i].y)});
  }
  return found;
}

}  // namespace

Field sample(const Range& x, const Range& y, int columns, int rows,
             const std::function<double(double x, double y)>& f) {
  Field field{x, y, columns, rows, {}};
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      field.values.push_back(f(position(x, c, columns), position(y, r, rows)));
    }
  }
  return field;
}

std::vector<Segment> contour(const Field& field, double level) {
  std::vector<Segment> segments;
  for (int r = 0; r + 1 < field.rows; ++r) {
    for (int c = 0; c + 1 < field.columns; ++c) {
      std::array<Point, 4> corners;
      std::array<double, 4> values{};
      bool finite = true;
      for (std::size_t i = 0; i < 4; ++i) {
        const int column = c + (i == 1 || i == 2 ? 1 : 0), row = r + (i >= 2 ? 1 : 0);
        corners[i] = {position(field.x, column, field.columns), position(field.y, row, field.rows)};
        values[i] =
            field.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(field.columns) +
                         static_cast<std::size_t>(column)];
        finite = finite && std::isfinite(values[i]);
      }
      if (!finite) continue;
      const auto points = crossings(corners, values, level);
      for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
        segments.push_back({points[i], points[i + 1]});
      }
    }
  }
  return segments;
}

}  // namespace noether::render
