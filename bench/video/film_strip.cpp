#include "bench/video/film_strip.h"

namespace noether::bench {

FilmStrip true_strip(const std::string& title, const VideoTask& clips, std::int64_t episode,
                     std::int64_t history) {
  auto [frames, actions] = clip_batch(clips, std::span(&episode, 1), clips.frames);
  return {.title = title,
          .history = history,
          .actions = actions,
          .films = {{"truth", std::move(frames)}},
          .is_ink = clips.view.channels == Channels::rod};
}

void add_film(FilmStrip& strip, const std::string& row, const PredictFrames& predict) {
  const learn::Tensors& truth = strip.films.front().frames;
  learn::Tensors film(truth.begin(), truth.begin() + strip.history);
  const learn::Tensors predicted =
      predict({film, strip.actions, std::ssize(truth) - strip.history});
  film.insert(film.end(), predicted.begin(), predicted.end());
  strip.films.push_back({row, std::move(film)});
}

}  // namespace noether::bench
