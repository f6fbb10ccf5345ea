#include "bench/video/strip_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr double margin = 24, gap = 4, least_label = 112;
constexpr double names_room = 40, head_room = 84, top_of_film = 36;
constexpr int least_tile = 64;

render::TextStyle label() { return {.size_px = 14, .color = render::palette::ink}; }

// [1, c, h, w] as people see it, each pixel a square: colours and greys as they are, ink on paper.
render::Image picture_of(const learn::Tensor& frame, int factor, bool is_ink) {
  const auto channels = frame.shape()[1], height = frame.shape()[2], width = frame.shape()[3];
  const std::vector<double> values = frame.to_vector();
  render::Image image{
      .width_px = static_cast<int>(width), .height_px = static_cast<int>(height), .rgb = {}};
  const std::int64_t plane = height * width;
  for (std::int64_t pixel = 0; pixel < plane; ++pixel) {
    for (std::int64_t c = 0; c < 3; ++c) {
      const std::int64_t of = channels == 3 ? c : 0;
      const double value =
          std::clamp(values[static_cast<std::size_t>(of * plane + pixel)], 0.0, 1.0);
      const double shade = is_ink ? 1 - value : value;
      image.rgb.push_back(static_cast<std::uint8_t>(std::lround(255 * shade)));
    }
  }
  return enlarge(image, factor);
}

std::int64_t length_of(const FilmStrip& strip) { return std::ssize(strip.films.front().frames); }

// Every how many frames one is drawn.
std::int64_t stride_of(const FilmStrip& strip) {
  constexpr std::int64_t most_columns = 16;
  return std::max<std::int64_t>(2, (length_of(strip) + most_columns - 1) / most_columns);
}

struct Layout {
  int factor = 1;    // the side of a pixel's square
  double tile = 0;   // the side of a frame
  double pitch = 0;  // from one frame to the next
  double left = 0;   // of the frames
};

Layout layout_of(std::span<const FilmStrip> strips) {
  const auto side = static_cast<int>(strips.front().films.front().frames.front().shape()[3]);
  const int factor = std::max(1, (least_tile + side - 1) / side);
  render::Canvas ruler(1, 1, render::palette::paper);
  double widest = least_label - gap;
  for (const FilmStrip& strip : strips) {
    for (const Film& film : strip.films)
      widest = std::max(widest, std::ceil(ruler.text_width(film.name, label())));
  }
  const double tile = factor * side;
  return {factor, tile, tile + gap, margin + widest + gap};
}

void draw_tile(render::Canvas& canvas, const render::Point& place, const FilmStrip& strip,
               std::size_t row, std::int64_t t, const Layout& layout) {
  const learn::Tensor& frame = strip.films[row].frames[static_cast<std::size_t>(t)];
  canvas.image(picture_of(frame, layout.factor, strip.is_ink), place);
  canvas.frame({place.x - 0.5, place.y - 0.5, layout.tile + 1, layout.tile + 1},
               t < strip.history ? render::palette::grid : render::palette::faint_ink, 1);
}

void draw_names(render::Canvas& canvas, double top, const FilmStrip& strip, const Layout& layout) {
  for (std::size_t row = 0; row < strip.films.size(); ++row) {
    const double middle = top + (static_cast<double>(row) + 0.5) * layout.pitch;
    canvas.text({margin, middle}, strip.films[row].name, label());
  }
}

double height_of(const FilmStrip& strip, const Layout& layout) {
  return names_room + static_cast<double>(strip.films.size()) * layout.pitch;
}

void draw_strip(render::Canvas& canvas, double top, const FilmStrip& strip, const Layout& layout) {
  canvas.text({margin, top}, strip.title,
              {.size_px = 14, .color = render::palette::ink, .bold = true});
  const double first_row = top + 8;
  const std::int64_t stride = stride_of(strip);
  for (std::int64_t t = 0; t < length_of(strip); t += stride) {
    const bool is_seen = t < strip.history;
    const double left = layout.left + static_cast<double>(t / stride) * layout.pitch;
    canvas.text(
        {left + layout.tile / 2, top}, is_seen ? "seen" : fmt::format("{}", t - strip.history + 1),
        {.size_px = 12, .color = render::palette::faint_ink, .align = render::Align::center});
    for (std::size_t row = 0; row < strip.films.size(); ++row) {
      const double above = first_row + static_cast<double>(row) * layout.pitch;
      draw_tile(canvas, {left, above}, strip, row, t, layout);
    }
  }
  draw_names(canvas, first_row, strip, layout);
}

}  // namespace

double width_of(std::span<const FilmStrip> strips) {
  const Layout layout = layout_of(strips);
  double right = 0;
  for (const FilmStrip& strip : strips) {
    const std::int64_t columns = (length_of(strip) + stride_of(strip) - 1) / stride_of(strip);
    right = std::max(right, layout.left + static_cast<double>(columns) * layout.pitch);
  }
  return right + margin;
}

double height_of(std::span<const FilmStrip> strips) {
  const Layout layout = layout_of(strips);
  double height = 0;
  for (const FilmStrip& strip : strips) height += height_of(strip, layout);
  return height;
}

void draw_strips(render::Canvas& canvas, double top, std::span<const FilmStrip> strips) {
  const Layout layout = layout_of(strips);
  for (const FilmStrip& strip : strips) {
    draw_strip(canvas, top, strip, layout);
    top += height_of(strip, layout);
  }
}

render::Image strips_page(const std::string& title, const std::string& subtitle,
                          std::span<const FilmStrip> strips) {
  render::Canvas canvas(static_cast<int>(std::max(900.0, width_of(strips))),
                        static_cast<int>(head_room + height_of(strips)), render::palette::paper);
  canvas.text({margin, 38}, title, {.size_px = 21, .color = render::palette::ink, .bold = true});
  canvas.text({margin, 60}, subtitle, {.size_px = 14, .color = render::palette::faint_ink});
  draw_strips(canvas, head_room + 10, strips);
  return canvas.to_image();
}

std::vector<render::Image> animate(std::span<const FilmStrip> strips) {
  const Layout layout = layout_of(strips);
  const FilmStrip& first = strips.front();
  const double width = layout.left + static_cast<double>(strips.size()) * layout.pitch + margin;
  const double height =
      top_of_film + static_cast<double>(first.films.size()) * layout.pitch + margin;
  std::vector<render::Image> pictures;
  for (std::int64_t t = 0; t < length_of(first); ++t) {
    render::Canvas canvas(static_cast<int>(width), static_cast<int>(height),
                          render::palette::paper);
    const bool is_seen = t < first.history;
    canvas.text({layout.left, 26},
                is_seen ? "seen" : fmt::format("predicted, frame {}", t - first.history + 1),
                label());
    draw_names(canvas, top_of_film, first, layout);
    for (std::size_t i = 0; i < strips.size(); ++i) {
      for (std::size_t row = 0; row < first.films.size(); ++row) {
        draw_tile(canvas,
                  {layout.left + static_cast<double>(i) * layout.pitch,
                   top_of_film + static_cast<double>(row) * layout.pitch},
                  strips[i], row, t, layout);
      }
    }
    pictures.push_back(canvas.to_image());
  }
  return pictures;
}

}  // namespace noether::bench
