#pragma once

// One episode as film strips: the truth, and below it what each of several models makes of its
// first frames.

#include <cstdint>
#include <string>
#include <vector>

#include "bench/data/video_task.h"
#include "bench/video/video_evaluation.h"

namespace noether::bench {

struct Film {
  std::string name;       // of the row
  learn::Tensors frames;  // each [1, c, h, w]; what was seen first
};

struct FilmStrip {
  std::string title;         // "Episode 3"
  std::int64_t history = 0;  // frames that are seen
  learn::Tensor actions;     // [1, T - 1, a]
  std::vector<Film> films;   // of T frames each; the truth first
  bool is_ink = false;       // one channel that is drawn dark on paper: the rod
};

// The truth alone.
FilmStrip true_strip(const std::string& title, const VideoTask& clips, std::int64_t episode,
                     std::int64_t history);

// Adds what is predicted of the history.
void add_film(FilmStrip& strip, const std::string& row, const PredictFrames& predict);

}  // namespace noether::bench
