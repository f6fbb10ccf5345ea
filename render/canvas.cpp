#include "render/canvas.h"

#include <cairo.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numbers>
#include <utility>

#include "base/error.h"

namespace noether::render {
namespace {

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyContext {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;
using Context = std::unique_ptr<cairo_t, DestroyContext>;

void check(cairo_status_t status, const char* what) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw base::UsageError(std::string(what) + ": " + cairo_status_to_string(status));
}

Surface make_surface(int width_px, int height_px) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width_px, height_px));
  check(cairo_surface_status(surface.get()), "canvas");
  return surface;
}

// The 32-bit pixels of row y, in the machine's byte order: opacity, red, green, blue from the top.
std::uint32_t* pixel_row(cairo_surface_t* surface, int y) {
  unsigned char* row = cairo_image_surface_get_data(surface) +
                       std::ptrdiff_t{cairo_image_surface_get_stride(surface)} * y;
  // Cairo aligns its rows for 32-bit access and documents them as such
  return static_cast<std::uint32_t*>(static_cast<void*>(row));
}

cairo_status_t append_bytes(void* closure, const unsigned char* data, unsigned int length) {
  auto& bytes = *static_cast<std::vector<std::byte>*>(closure);
  const auto piece = std::as_bytes(std::span(data, length));
  bytes.insert(bytes.end(), piece.begin(), piece.end());
  return CAIRO_STATUS_SUCCESS;
}

cairo_status_t take_bytes(void* closure, unsigned char* data, unsigned int length) {
  auto& rest = *static_cast<std::span<const std::byte>*>(closure);
  if (rest.size() < length) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(data, rest.data(), length);
  rest = rest.subspan(length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

struct Canvas::Handles {
  explicit Handles(Surface s) : surface(std::move(s)), context(cairo_create(surface.get())) {
    check(cairo_status(context.get()), "canvas");
    cairo_set_line_join(context.get(), CAIRO_LINE_JOIN_ROUND);
  }
  int width() const { return cairo_image_surface_get_width(surface.get()); }
  int height() const { return cairo_image_surface_get_height(surface.get()); }

  Surface surface;
  Context context;
};

namespace {

void set_color(cairo_t* context, const Color& c) {
  cairo_set_source_rgba(context, c.red, c.green, c.blue, c.opacity);
}

void set_font(cairo_t* context, const TextStyle& style) {
  cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, style.size_px);
}

}  // namespace

Color color_of(std::uint32_t rgb, double opacity) {
  const auto part = [&](int shift) { return static_cast<double>((rgb >> shift) & 0xff) / 255; };
  return {part(16), part(8), part(0), opacity};
}

Canvas::Canvas(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Canvas::~Canvas() = default;
Canvas::Canvas(Canvas&&) noexcept = default;
Canvas& Canvas::operator=(Canvas&&) noexcept = default;

Canvas::Canvas(int width_px, int height_px, Color background)
    : handles_(std::make_unique<Handles>(make_surface(width_px, height_px))) {
  set_color(handles_->context.get(), background);
  cairo_paint(handles_->context.get());
}

Canvas::Canvas(const Image& image)
    : handles_(std::make_unique<Handles>(make_surface(image.width_px, image.height_px))) {
  cairo_surface_flush(handles_->surface.get());
  const std::uint8_t* from = image.rgb.data();
  for (int y = 0; y < image.height_px; ++y) {
    std::uint32_t* row = pixel_row(handles_->surface.get(), y);
    for (int x = 0; x < image.width_px; ++x, from += 3) {
      row[x] = 0xff000000u | (std::uint32_t{from[0]} << 16) | (std::uint32_t{from[1]} << 8) |
               std::uint32_t{from[2]};
    }
  }
  cairo_surface_mark_dirty(handles_->surface.get());
}

Canvas Canvas::from_png(std::span<const std::byte> png) {
  Surface encoded(cairo_image_surface_create_from_png_stream(take_bytes, &png));
  const auto status = cairo_surface_status(encoded.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    throw base::DataError(std::string("not a PNG picture: ") + cairo_status_to_string(status));
  }
  // whatever the file's pixel format, the canvas has its own
  auto handles = std::make_unique<Handles>(make_surface(
      cairo_image_surface_get_width(encoded.get()), cairo_image_surface_get_height(encoded.get())));
  cairo_set_source_surface(handles->context.get(), encoded.get(), 0, 0);
  cairo_paint(handles->context.get());
  return Canvas(std::move(handles));
}

void Canvas::move_to(Point p) { cairo_move_to(handles_->context.get(), p.x, p.y); }
void Canvas::line_to(Point p) { cairo_line_to(handles_->context.get(), p.x, p.y); }
void Canvas::close_path() { cairo_close_path(handles_->context.get()); }
void Canvas::arc(Point center, double radius, double from, double to) {
  cairo_arc(handles_->context.get(), center.x, center.y, radius, from, to);
}

void Canvas::fill(Color color) {
  set_color(handles_->context.get(), color);
  cairo_fill(handles_->context.get());
}

void Canvas::stroke(Color color, double width, bool dashed) {
  cairo_t* context = handles_->context.get();
  const std::array<double, 2> dashes{4 * width, 3 * width};
  cairo_set_dash(context, dashes.data(), dashed ? 2 : 0, 0);
  cairo_set_line_width(context, width);
  set_color(context, color);
  cairo_stroke(context);
}

void Canvas::line(std::span<const Point> points, Color color, double width, bool dashed) {
  for (const Point& p : points) line_to(p);  // the first one moves
  stroke(color, width, dashed);
}

void Canvas::disc(Point center, double radius, Color color) {
  arc(center, radius, 0, 2 * std::numbers::pi);
  fill(color);
}

void Canvas::rectangle(const Rectangle& r, Color color) {
  cairo_rectangle(handles_->context.get(), r.left, r.top, r.width, r.height);
  fill(color);
}

void Canvas::frame(const Rectangle& r, Color color, double width) {
  cairo_rectangle(handles_->context.get(), r.left, r.top, r.width, r.height);
  stroke(color, width);
}

void Canvas::image(const Image& image, Point top_left) {
  cairo_t* context = handles_->context.get();
  const Canvas source(image);
  cairo_set_source_surface(context, source.handles_->surface.get(), top_left.x, top_left.y);
  cairo_paint(context);
}

void Canvas::text(Point p, const std::string& text, const TextStyle& style) {
  cairo_t* context = handles_->context.get();
  const double width = text_width(text, style);
  const double shift = style.align == Align::left     ? 0
                       : style.align == Align::center ? width / 2
                                                      : width;
  cairo_save(context);
  set_font(context, style);
  set_color(context, style.color);
  cairo_translate(context, p.x, p.y);
  if (style.upward) cairo_rotate(context, -std::numbers::pi / 2);
  cairo_move_to(context, -shift, 0);
  cairo_show_text(context, text.c_str());
  cairo_new_path(context);
  cairo_restore(context);
}

double Canvas::text_width(const std::string& text, const TextStyle& style) {
  cairo_t* context = handles_->context.get();
  set_font(context, style);
  cairo_text_extents_t extents;
  cairo_text_extents(context, text.c_str(), &extents);
  return extents.x_advance;
}

void Canvas::scale(double x, double y) { cairo_scale(handles_->context.get(), x, y); }

void Canvas::clip(const Rectangle& r) {
  cairo_rectangle(handles_->context.get(), r.left, r.top, r.width, r.height);
  cairo_clip(handles_->context.get());
}

void Canvas::unclip() { cairo_reset_clip(handles_->context.get()); }

Image Canvas::to_image() const {
  check(cairo_status(handles_->context.get()), "drawing");
  cairo_surface_flush(handles_->surface.get());
  Image image{handles_->width(), handles_->height(), {}};
  image.rgb.reserve(static_cast<std::size_t>(image.width_px) *
                    static_cast<std::size_t>(image.height_px) * 3);
  for (int y = 0; y < image.height_px; ++y) {
    for (const std::uint32_t pixel : std::span(pixel_row(handles_->surface.get(), y),
                                               static_cast<std::size_t>(image.width_px))) {
      for (const int shift : {16, 8, 0}) {
        image.rgb.push_back(static_cast<std::uint8_t>((pixel >> shift) & 0xff));
      }
    }
  }
  return image;
}

std::vector<std::uint8_t> Canvas::opacity() const {
  check(cairo_status(handles_->context.get()), "drawing");
  cairo_surface_flush(handles_->surface.get());
  std::vector<std::uint8_t> result;
  for (int y = 0; y < handles_->height(); ++y) {
    for (const std::uint32_t pixel : std::span(pixel_row(handles_->surface.get(), y),
                                               static_cast<std::size_t>(handles_->width()))) {
      result.push_back(static_cast<std::uint8_t>(pixel >> 24));
    }
  }
  return result;
}

std::vector<std::byte> Canvas::to_png() const {
  check(cairo_status(handles_->context.get()), "drawing");
  // without an opacity channel the file is plain RGB
  Surface opaque(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, handles_->width(), handles_->height()));
  const Context context(cairo_create(opaque.get()));
  cairo_set_source_surface(context.get(), handles_->surface.get(), 0, 0);
  cairo_paint(context.get());
  std::vector<std::byte> bytes;
  check(cairo_surface_write_to_png_stream(opaque.get(), append_bytes, &bytes), "encoding PNG");
  return bytes;
}

}  // namespace noether::render
