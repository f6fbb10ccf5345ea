#pragma once

// Vector drawing on an image, by Cairo. canvas.cpp is the only file that includes cairo.h.
// Coordinates are pixels: x to the right, y downward, (0, 0) the corner of the first pixel.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "render/image.h"

namespace noether::render {

struct Point {
  double x = 0;
  double y = 0;
};

struct Rectangle {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

struct Color {
  double red = 0;  // each 0..1
  double green = 0;
  double blue = 0;
  double opacity = 1;
};

// 0x1f77b4 as a color.
Color color_of(std::uint32_t rgb, double opacity = 1);

enum class Align { left, center, right };

struct TextStyle {
  double size_px = 14;
  Color color{};
  Align align = Align::left;
  bool bold = false;
  bool upward = false;  // rotated a quarter turn, to be read from below upward
};

class Canvas {
 public:
  Canvas(int width_px, int height_px, Color background);
  explicit Canvas(const Image& image);
  // Decodes a PNG file; throws DataError where it is none.
  static Canvas from_png(std::span<const std::byte> png);
  ~Canvas();
  Canvas(Canvas&&) noexcept;
  Canvas& operator=(Canvas&&) noexcept;

  // The current path; fill and stroke paint it and end it.
  void move_to(Point p);
  void line_to(Point p);
  void close_path();
  void arc(Point center, double radius, double from, double to);  // rad, clockwise
  void fill(Color color);
  void stroke(Color color, double width, bool dashed = false);

  // Shapes.
  void line(std::span<const Point> points, Color color, double width, bool dashed = false);
  void disc(Point center, double radius, Color color);
  void rectangle(const Rectangle& r, Color color);
  void frame(const Rectangle& r, Color color, double width);
  void image(const Image& image, Point top_left);

  // One line of text in DejaVu Sans, its baseline at p.
  void text(Point p, const std::string& text, const TextStyle& style);
  double text_width(const std::string& text, const TextStyle& style);

  // From now on lengths along x and y are multiplied, those of strokes too.
  void scale(double x, double y);
  // Nothing outside r is painted until unclip.
  void clip(const Rectangle& r);
  void unclip();

  Image to_image() const;                     // ignores opacity
  std::vector<std::uint8_t> opacity() const;  // (height, width)
  std::vector<std::byte> to_png() const;

 private:
  struct Handles;
  explicit Canvas(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
};

}  // namespace noether::render
