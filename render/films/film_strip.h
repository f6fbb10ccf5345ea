#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "render/image.h"

namespace noether::render {

struct Episode {
  std::string title;            // "pixel-pendulum, episode 3, policy swing-up"
  std::vector<Image> frames;    // T + 1, equal sizes
  std::vector<double> time;     // (T + 1), s
  std::vector<double> theta;    // (T + 1), rad
  std::vector<double> torque;   // (T), N m
  std::vector<double> rewards;  // (T)
};

// One picture: about `columns` x 2 frames evenly spread over the episode with their times, above
// curves of angle (wrapped) and torque over time.
Image draw_film_strip(const Episode& episode, int columns = 10);

// The frames for an animation: each enlarged to at least 256 px, with time, torque as a bar and
// reward beside it.
std::vector<Image> draw_animation(const Episode& episode);

// A film of a system that nothing drives.
struct FilmedMotion {
  struct Curve {
    std::string name;            // "q1"
    std::vector<double> values;  // (T)
  };
  std::string title;          // "two-body, episode 3"
  std::vector<Image> frames;  // T, equal sizes
  std::vector<double> time;   // (T)
  std::string time_unit;      // "s"
  std::vector<Curve> curves;  // coordinates
};

// One picture: frames as above, above the coordinates over time.
Image draw_film_strip(const FilmedMotion& film, int columns = 10);

// The frames for an animation: each enlarged to at least 256 px, with time and coordinates beside
// it.
std::vector<Image> draw_animation(const FilmedMotion& film);

}  // namespace noether::render
