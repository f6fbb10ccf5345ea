#include "render/plots/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace noether::render {

namespace palette {

Color series(std::size_t i) {
  constexpr std::array<std::uint32_t, 8> colors{0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7,
                                                0x56b4e9, 0xe69f00, 0x000000, 0x8c8c8c};
  return color_of(colors[i % colors.size()]);
}

Color gradient(double u, double opacity) {
  // without the palest end, which paper swallows
  constexpr std::array<std::uint32_t, 6> stops{0x440154, 0x414487, 0x2a788e,
                                               0x22a884, 0x5ec962, 0xb8cc25};
  const double at = std::clamp(u, 0.0, 1.0) * (stops.size() - 1);
  const std::size_t i = std::min(static_cast<std::size_t>(at), stops.size() - 2);
  const double w = at - static_cast<double>(i);
  const Color a = color_of(stops[i]);
  const Color b = color_of(stops[i + 1]);
  return {(1 - w) * a.red + w * b.red, (1 - w) * a.green + w * b.green,
          (1 - w) * a.blue + w * b.blue, opacity};
}

}  // namespace palette

namespace {

constexpr double number_px = 13;
constexpr double label_px = 14;

double fraction(const Axis& axis, double value) {
  if (axis.logarithmic) {
    return std::log(value / axis.range.low) / std::log(axis.range.high / axis.range.low);
  }
  return (value - axis.range.low) / (axis.range.high - axis.range.low);
}

constexpr double legend_gap = 12;  // between two entries
constexpr double swatch_px = 18;
constexpr double name_gap = 5;
const TextStyle legend_style{.size_px = number_px, .color = palette::ink};

double entry_width(Canvas& canvas, const LegendEntry& entry, const TextStyle& style) {
  return swatch_px + name_gap + canvas.text_width(entry.name, style);
}

void draw_entry(Canvas& canvas, const Point& p, const LegendEntry& entry, const TextStyle& style) {
  const std::array<Point, 2> sample{Point{p.x, p.y - 4.5}, Point{p.x + swatch_px, p.y - 4.5}};
  canvas.line(sample, entry.color, 2.4, entry.dashed);
  canvas.text({p.x + swatch_px + name_gap, p.y}, entry.name, style);
}

std::vector<Tick> ticks_of(const Axis& axis, double length_px, double spacing_px) {
  const int count = std::max(2, static_cast<int>(length_px / spacing_px));
  return axis.logarithmic ? log_ticks(axis.range, count) : nice_ticks(axis.range, count);
}

}  // namespace

std::string axis_label(const std::string& name, const std::string& unit) {
  std::string label = name;
  std::ranges::replace(label, '_', ' ');
  return unit.empty() || unit == "1" ? label : label + " (" + unit + ")";
}

Plot::Plot(Canvas& canvas, const Rectangle& area, Axis x, Axis y)
    : canvas_(canvas), area_(area), x_(std::move(x)), y_(std::move(y)) {
  draw_x_axis();
  draw_y_axis();
  canvas_.frame(area_, palette::faint_ink, 1);
}

Point Plot::place(double x, double y) const {
  return {area_.left + area_.width * fraction(x_, x),
          area_.bottom() - area_.height * fraction(y_, y)};
}

void Plot::draw_x_axis() {
  for (const Tick& tick : ticks_of(x_, area_.width, 90)) {
    const double x = place(tick.value, y_.range.low).x;
    const std::array<Point, 2> mark{Point{x, area_.top}, Point{x, area_.bottom() + 4}};
    canvas_.line(mark, palette::grid, 1);
    if (!x_.numbered) continue;
    canvas_.text({x, area_.bottom() + 19}, tick.label,
                 {.size_px = number_px, .color = palette::ink, .align = Align::center});
  }
  canvas_.text({area_.left + area_.width / 2, area_.bottom() + 41}, x_.label,
               {.size_px = label_px, .color = palette::ink, .align = Align::center});
}

void Plot::draw_y_axis() {
  double widest = 0;
  for (const Tick& tick : ticks_of(y_, area_.height, 45)) {
    const double y = place(x_.range.low, tick.value).y;
    const std::array<Point, 2> mark{Point{area_.left - 4, y}, Point{area_.right(), y}};
    canvas_.line(mark, palette::grid, 1);
    if (!y_.numbered) continue;
    const TextStyle style{.size_px = number_px, .color = palette::ink, .align = Align::right};
    canvas_.text({area_.left - 8, y + 4.5}, tick.label, style);
    widest = std::max(widest, canvas_.text_width(tick.label, style));
  }
  canvas_.text(
      {area_.left - 20 - widest, area_.top + area_.height / 2}, y_.label,
      {.size_px = label_px, .color = palette::ink, .align = Align::center, .upward = true});
}

void Plot::line(std::span<const double> x, std::span<const double> y, Color color, double width,
                bool dashed) {
  canvas_.clip(area_);
  bool pen_down = false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Point p = place(x[i], y[i]);
    const bool drawable = std::isfinite(p.x) && std::isfinite(p.y);
    if (drawable && pen_down) canvas_.line_to(p);
    if (drawable && !pen_down) canvas_.move_to(p);
    pen_down = drawable;
  }
  canvas_.stroke(color, width, dashed);
  canvas_.unclip();
}

void Plot::steps(std::span<const double> x, std::span<const double> y, Color color, double width) {
  std::vector<double> corners_x;
  std::vector<double> corners_y;
  for (std::size_t i = 0; i < y.size() && i + 1 < x.size(); ++i) {
    corners_x.insert(corners_x.end(), {x[i], x[i + 1]});
    corners_y.insert(corners_y.end(), {y[i], y[i]});
  }
  line(corners_x, corners_y, color, width);
}

void Plot::points(std::span<const double> x, std::span<const double> y, Color color,
                  double radius) {
  canvas_.clip(area_);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Point p = place(x[i], y[i]);
    if (std::isfinite(p.x) && std::isfinite(p.y)) canvas_.disc(p, radius, color);
  }
  canvas_.unclip();
}

void Plot::circle(double x, double y, double radius, Color color) {
  std::vector<double> xs;
  std::vector<double> ys;
  for (int i = 0; i <= 180; ++i) {
    const double angle = i * std::numbers::pi / 90;
    xs.push_back(x + radius * std::cos(angle));
    ys.push_back(y + radius * std::sin(angle));
  }
  line(xs, ys, color, 1.5);
}

void Plot::heading(const std::string& title, std::span<const LegendEntry> legend) {
  const double base = area_.top - 9;
  const TextStyle title_style{.size_px = label_px, .color = palette::ink, .bold = true};
  canvas_.text({area_.left, base}, title, title_style);
  TextStyle style = legend_style;
  const auto legend_width = [&] {
    double width = -legend_gap;
    for (const LegendEntry& entry : legend)
      width += entry_width(canvas_, entry, style) + legend_gap;
    return width;
  };
  const double room = area_.width - canvas_.text_width(title, title_style) - legend_gap;
  while (legend_width() > room && style.size_px > 8) style.size_px -= 0.5;

  double x = area_.right() - legend_width();
  for (const LegendEntry& entry : legend) {
    draw_entry(canvas_, {x, base}, entry, style);
    x += entry_width(canvas_, entry, style) + legend_gap;
  }
}

int draw_legend(Canvas& canvas, const Point& start, double width,
                std::span<const LegendEntry> legend) {
  constexpr double line_px = 20;
  Point p = start;
  int lines = 1;
  for (const LegendEntry& entry : legend) {
    const double needed = entry_width(canvas, entry, legend_style);
    if (p.x > start.x && p.x + needed > start.x + width) {
      p = {start.x, p.y + line_px};
      ++lines;
    }
    draw_entry(canvas, p, entry, legend_style);
    p.x += needed + legend_gap;
  }
  return lines;
}

void make_equal(Range& x, Range& y, const Rectangle& area) {
  const double units_per_px =
      std::max((x.high - x.low) / area.width, (y.high - y.low) / area.height);
  const auto widen = [](Range& range, double length) {
    const double middle = (range.low + range.high) / 2;
    range = {middle - length / 2, middle + length / 2};
  };
  widen(x, units_per_px * area.width);
  widen(y, units_per_px * area.height);
}

}  // namespace noether::render
