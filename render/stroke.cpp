#include "render/stroke.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace noether::render {
namespace {

struct Interval {
  double left = std::numeric_limits<double>::infinity();
  double right = -std::numeric_limits<double>::infinity();

  void include(double x) {
    left = std::min(left, x);
    right = std::max(right, x);
  }
};

// A stroke is the convex hull of two discs: what a row has of it reaches from the leftmost to the
// rightmost point that the row has of the discs and of the two straight edges.
class Outline {
 public:
  explicit Outline(const Stroke& stroke) : stroke_(stroke) {
    const double dx = stroke.to.x - stroke.from.x, dy = stroke.to.y - stroke.from.y;
    const double length = std::sqrt(dx * dx + dy * dy);
    is_disc_ = length == 0;
    has_edges_ = dy != 0;  // those of a level stroke end at points of the discs
    if (has_edges_) across_ = {-dy / length * stroke.radius, dx / length * stroke.radius};
  }

  Interval at(double y) const {
    Interval interval;
    include_disc(interval, stroke_.from, y);
    if (is_disc_) return interval;
    include_disc(interval, stroke_.to, y);
    if (!has_edges_) return interval;
    include_edge(interval, 1, y);
    include_edge(interval, -1, y);
    return interval;
  }

 private:
  void include_disc(Interval& interval, const Point& centre, double y) const {
    const double square = stroke_.radius * stroke_.radius - (y - centre.y) * (y - centre.y);
    if (square < 0) return;
    const double half = std::sqrt(square);
    interval.include(centre.x - half);
    interval.include(centre.x + half);
  }
  void include_edge(Interval& interval, double side, double y) const {
    const double begin = stroke_.from.y + side * across_.y, end = stroke_.to.y + side * across_.y;
    if (y < std::min(begin, end) || y > std::max(begin, end)) return;
    const double share = (y - begin) / (end - begin);
    interval.include(stroke_.from.x + side * across_.x + share * (stroke_.to.x - stroke_.from.x));
  }

  Stroke stroke_;
  bool is_disc_ = false;
  bool has_edges_ = false;
  Point across_;  // from the middle line to an edge
};

// The pixels [first, end) of an image of `size` that the numbers from low to high reach into.
struct PixelRange {
  int first = 0;
  int end = 0;
};

PixelRange pixels_between(double low, double high, int size) {
  if (!(low <= high)) return {};  // not a number
  const double most = size;
  return {static_cast<int>(std::floor(std::clamp(low, 0.0, most))),
          static_cast<int>(std::ceil(std::clamp(high, 0.0, most)))};
}

// Adds to each pixel the length of the interval that lies in it.
void add_lengths(const Interval& interval, const PixelRange& columns,
                 std::vector<double>& lengths) {
  const double left = std::max(interval.left, static_cast<double>(columns.first));
  const double right = std::min(interval.right, static_cast<double>(columns.end));
  if (!(left < right)) return;
  const int first = static_cast<int>(left), last = static_cast<int>(std::ceil(right)) - 1;
  const auto length = [&](int x) -> double& {
    return lengths[static_cast<std::size_t>(x - columns.first)];
  };
  if (first == last) {
    length(first) += right - left;
    return;
  }
  length(first) += first + 1 - left;
  for (int x = first + 1; x < last; ++x) length(x) += 1;
  length(last) += right - last;
}

void blend(std::uint8_t* pixel, Rgb color, double share) {
  for (std::size_t c = 0; c < color.size(); ++c)
    pixel[c] = static_cast<std::uint8_t>(pixel[c] + (color[c] - pixel[c]) * share + 0.5);
}

}  // namespace

void StrokePainter::paint(Image& image, const Stroke& stroke, Rgb color, double opacity) {
  const auto [left, right] = std::minmax(stroke.from.x, stroke.to.x);
  const auto [top, bottom] = std::minmax(stroke.from.y, stroke.to.y);
  const double r = stroke.radius;
  const PixelRange columns = pixels_between(left - r, right + r, image.width_px);
  const PixelRange rows = pixels_between(top - r, bottom + r, image.height_px);
  if (columns.first >= columns.end) return;
  const Outline outline(stroke);
  const auto width = static_cast<std::size_t>(columns.end - columns.first);
  for (int row = rows.first; row < rows.end; ++row) {
    covered_.assign(width, 0);
    for (int k = 0; k < rows_in_pixel; ++k)
      add_lengths(outline.at(row + (k + 0.5) / rows_in_pixel), columns, covered_);
    std::uint8_t* pixel =
        image.rgb.data() +
        (std::ptrdiff_t{row} * image.width_px + columns.first) * std::ptrdiff_t{3};
    for (std::size_t x = 0; x < width; ++x, pixel += 3) {
      if (covered_[x] > 0) blend(pixel, color, opacity * covered_[x] / rows_in_pixel);
    }
  }
}

}  // namespace noether::render
