#pragma once

// Films of trajectories: each state as a frame of size x size pixels.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "render/films/scene.h"
#include "render/raster.h"

namespace noether::render {

// What is asked of all films of a dataset.
struct FilmOptions {
  int size_px = 64;                  // 8 to 500
  int channels = 3;                  // 3: red, green, blue; 1: grey, see grey_of
  bool draws_colors = false;         // of each trajectory its own; else the same for all
  std::string background = "white";  // "white", "black", or "drawn": light, its own of each film
  double view = 1;                   // width of what is seen / that of the scene's window
  double camera_shift = 0;           // largest, of width and height, drawn for each film
  int tails = 0;                     // former frames whose bodies are drawn, fainter and fainter
  double occluder = 0;  // width of a grey bar from top to bottom in the middle / that of the frame
  double frame_noise = 0;  // standard deviation of the noise of each number of a pixel, of 255
};

// How one film looks.
struct FilmStyle {
  Rgb background{};
  std::vector<Rgb> inks = {};  // most_inks
  Point shift = {};            // of what is seen, to the right and upward / width of the frame
};

// The style of film `index`. Colors, background and shift come from streams of their own, keyed by
// (seed, purpose, index): each is the same whatever else is asked for, but for drawn colors, which
// keep away from the background.
FilmStyle film_style(const FilmOptions& options, std::uint64_t seed, std::uint64_t index);

// Which frames of a film: all by default. The last of them may be beyond its end.
struct FrameRange {
  std::size_t first = 0;
  std::size_t count = std::dynamic_extent;
};

// The frames (T, size, size, channels) of the states (T, D) of trajectory `index`, row 0 at the
// top; of a range, those that the whole film has there. Throws NumericalError for a state that is
// not finite.
std::vector<std::uint8_t> film(const Scene& scene, std::span<const double> states,
                               std::size_t dimension, std::span<const double> constants,
                               const FilmOptions& options, std::uint64_t seed, std::uint64_t index,
                               FrameRange range = {});

// Takes a frame (size, size, channels), valid until it returns.
using TakeFrame = std::function<void(std::span<const std::uint8_t> frame)>;

// The same, frame by frame.
void film_frames(const Scene& scene, std::span<const double> states, std::size_t dimension,
                 std::span<const double> constants, const FilmOptions& options, std::uint64_t seed,
                 std::uint64_t index, FrameRange range, const TakeFrame& take);

// (299 red + 587 green + 114 blue) / 1000, rounded to nearest: the weights of Rec. 601.
std::uint8_t grey_of(Rgb color);

}  // namespace noether::render
