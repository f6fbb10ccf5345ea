// The colors and the camera of a film.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "render/films/film.h"

namespace noether::render {
namespace {

// Rods and springs, then bodies again and again: after Okabe and Ito (2008), those of their colors
// that are seen on white and on black.
constexpr Rgb rods{128, 128, 128};
constexpr std::array<Rgb, 6> bodies{Rgb{0, 114, 178},   Rgb{213, 94, 0},  Rgb{0, 158, 115},
                                    Rgb{204, 121, 167}, Rgb{230, 159, 0}, Rgb{86, 180, 233}};

// Light, so that all of these are seen on it.
Rgb drawn_background(std::uint64_t seed, std::uint64_t index) {
  base::RandomStream random(seed, base::Purpose::film_background, index);
  Rgb color{};
  for (std::uint8_t& c : color) c = static_cast<std::uint8_t>(random.uniform(208, 256));
  return color;
}

// Uniform among the colors that differ from the background by a quarter of the way from black to
// white.
Rgb drawn_ink(base::RandomStream& random, Rgb background) {
  constexpr int least_difference = 64;
  Rgb color{};
  do {
    for (std::uint8_t& c : color) c = static_cast<std::uint8_t>(random.uniform(0, 256));
  } while (std::abs(grey_of(color) - grey_of(background)) < least_difference);
  return color;
}

}  // namespace

std::uint8_t grey_of(Rgb color) {
  return static_cast<std::uint8_t>((299 * color[0] + 587 * color[1] + 114 * color[2] + 500) / 1000);
}

FilmStyle film_style(const FilmOptions& options, std::uint64_t seed, std::uint64_t index) {
  FilmStyle style;
  style.background = options.background == "drawn"   ? drawn_background(seed, index)
                     : options.background == "black" ? Rgb{0, 0, 0}
                                                     : Rgb{255, 255, 255};
  base::RandomStream random(seed, base::Purpose::film_colors, index);
  for (int ink = 0; ink < most_inks; ++ink) {
    const Rgb fixed =
        ink == frame_ink ? rods : bodies[static_cast<std::size_t>(ink - 1) % bodies.size()];
    style.inks.push_back(options.draws_colors ? drawn_ink(random, style.background) : fixed);
  }
  base::RandomStream camera(seed, base::Purpose::camera, index);
  style.shift.x = camera.uniform(-options.camera_shift, options.camera_shift);
  style.shift.y = camera.uniform(-options.camera_shift, options.camera_shift);
  return style;
}

}  // namespace noether::render
