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

}  // namespace noether::render
