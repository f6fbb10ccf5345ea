#include "render/films/film.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "render/films/pixel_noise.h"
#include "render/stroke.h"

namespace noether::render {
namespace {

constexpr Rgb bar_color{128, 128, 128};

// From the coordinates of a scene to pixels.
class Camera {
 public:
  Camera(const Window& window, const FilmOptions& options, const FilmStyle& style)
      : centre_(window.centre),
        scale_(options.size_px / (window.width * options.view)),
        middle_{(0.5 + style.shift.x) * options.size_px, (0.5 - style.shift.y) * options.size_px} {}

  Stroke see(const Shape& shape) const {
    return {.from = see(shape.from), .to = see(shape.to), .radius = shape.radius * scale_};
  }

 private:
  Point see(const Point& p) const {
    return {middle_.x + (p.x - centre_.x) * scale_, middle_.y - (p.y - centre_.y) * scale_};
  }

  Point centre_;
  double scale_;  // pixels a unit
  Point middle_;  // where the centre is seen
};

// One film; frame after frame with the same brushes.
class Filmer {
 public:
  Filmer(const FilmOptions& options, FilmStyle style, const Camera& camera)
      : options_(options), style_(std::move(style)), camera_(camera) {
    const auto pixels =
        static_cast<std::size_t>(options.size_px) * static_cast<std::size_t>(options.size_px);
    empty_ = {options.size_px, options.size_px, {}};
    empty_.rgb.reserve(3 * pixels);
    for (std::size_t i = 0; i < pixels; ++i)
      empty_.rgb.insert(empty_.rgb.end(), style_.background.begin(), style_.background.end());
    image_ = empty_;
  }

  // The frame of the last sketch, after those of the former ones.
  const Image& draw(std::span<const Sketch> sketches) {
    image_.rgb = empty_.rgb;
    for (std::size_t k = 0; k + 1 < sketches.size(); ++k) {
      // from faint, long ago, to at most 0.6
      const double age = static_cast<double>(sketches.size() - 1 - k);
      const double opacity = 0.6 * (1 - age / (options_.tails + 1));
      for (const Shape& shape : sketches[k].shapes()) {
        if (shape.leaves_tail) paint(shape, opacity);
      }
    }
    for (const Shape& shape : sketches.back().shapes()) paint(shape, 1);
    if (options_.occluder > 0) occlude();
    return image_;
  }

 private:
  void paint(const Shape& shape, double opacity) {
    painter_.paint(image_, camera_.see(shape), style_.inks.at(static_cast<std::size_t>(shape.ink)),
                   opacity);
  }

  void occlude() {
    const double size = options_.size_px, left = size * (1 - options_.occluder) / 2;
    std::uint8_t* pixel = image_.rgb.data();
    for (int row = 0; row < options_.size_px; ++row) {
      for (int x = 0; x < options_.size_px; ++x, pixel += 3) {
        const double share = std::min<double>(x + 1, size - left) - std::max<double>(x, left);
        if (share <= 0) continue;
        for (std::size_t c = 0; c < bar_color.size(); ++c)
          pixel[c] = static_cast<std::uint8_t>(pixel[c] + (bar_color[c] - pixel[c]) * share + 0.5);
      }
    }
  }

  const FilmOptions& options_;
  FilmStyle style_;
  Camera camera_;
  Image empty_, image_;
  StrokePainter painter_;
};

// One number a pixel, or the three as they are.
void set_numbers(std::vector<std::uint8_t>& frame, const Image& image, int channels) {
  if (channels == 3) {
    frame = image.rgb;
    return;
  }
  frame.clear();
  for (std::size_t i = 0; i < image.rgb.size(); i += 3)
    frame.push_back(grey_of({image.rgb[i], image.rgb[i + 1], image.rgb[i + 2]}));
}

}  // namespace

void film_frames(const Scene& scene, std::span<const double> states, std::size_t dimension,
                 std::span<const double> constants, const FilmOptions& options, std::uint64_t seed,
                 std::uint64_t index, FrameRange range, const TakeFrame& take) {
  const auto bad = std::ranges::find_if_not(states, [](double x) { return std::isfinite(x); });
  if (bad != states.end()) throw base::NumericalError("film: a state is not finite");
  FilmStyle style = film_style(options, seed, index);
  const Camera camera(scene.window(constants), options, style);
  Filmer filmer(options, std::move(style), camera);
  const std::size_t points = states.size() / dimension;
  const std::size_t first = std::min(range.first, points);
  const std::size_t last = first + std::min(range.count, points - first);
  const auto numbers =
      static_cast<std::size_t>(options.size_px * options.size_px * options.channels);
  std::optional<PixelNoise> noise;
  if (options.frame_noise > 0) noise.emplace(options.frame_noise, seed, index, first * numbers);
  std::vector<std::uint8_t> frame;
  std::vector<Sketch> recent;  // with their tails: the last is that of the frame
  for (std::size_t t = first - std::min(first, static_cast<std::size_t>(options.tails)); t < last;
       ++t) {
    if (std::ssize(recent) > options.tails) recent.erase(recent.begin());
    scene.draw(states.subspan(t * dimension, dimension), constants, recent.emplace_back());
    if (t < first) continue;
    set_numbers(frame, filmer.draw(recent), options.channels);
    if (noise) noise->add(frame);
    take(frame);
  }
}

std::vector<std::uint8_t> film(const Scene& scene, std::span<const double> states,
                               std::size_t dimension, std::span<const double> constants,
                               const FilmOptions& options, std::uint64_t seed, std::uint64_t index,
                               FrameRange range) {
  std::vector<std::uint8_t> frames;
  film_frames(scene, states, dimension, constants, options, seed, index, range,
              [&](std::span<const std::uint8_t> frame) {
                frames.insert(frames.end(), frame.begin(), frame.end());
              });
  return frames;
}

}  // namespace noether::render
