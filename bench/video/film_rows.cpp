#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/error.h"
#include "base/parallel.h"
#include "bench/table/statistics.h"
#include "bench/video/image_metrics.h"
#include "bench/video/video_report.h"
#include "bench/video/video_training.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/joint_weights.h"

namespace noether::bench {
namespace {

using learn::Tensors;
using learn::VideoQuery;

learn::VideoTailoring tailoring_by(const Checkpoint& checkpoint, const FilmTailoring& by) {
  return {.quantity = frozen(work_quantity_of(checkpoint), by.phi),
          .step = {.rule = learn::StepRule::polyak,
                   .steps = static_cast<int>(by.steps),
                   .share = by.share,
                   .target = by.target,
                   .by_query = true}};
}

// The true frames, and those that a row makes of their beginning.
struct Films {
  Tensors truth, predicted;
};
Films films_of(const FilmRow& row, const VideoTask& clips, std::span<const std::int64_t> episodes,
               std::int64_t history) {
  const auto [frames, actions] = clip_batch(clips, episodes, clips.frames);
  return {
      frames,
      row.predict({{frames.begin(), frames.begin() + history}, actions, clips.frames - history})};
}

// At some of the predicted frames: the network takes longer than all else.
std::vector<double> lpips_at(const std::vector<std::int64_t>& frames, const FilmRow& row,
                             const VideoTask& clips, std::int64_t history,
                             const LpipsWeights& weights) {
  std::vector<std::vector<double>> scores(frames.size());
  constexpr std::size_t at_a_time = 10;
  const std::span all(clips.test);
  for (std::size_t first = 0; first < all.size(); first += at_a_time) {
    const auto some = all.subspan(first, std::min(at_a_time, all.size() - first));
    const auto [truth, predicted] = films_of(row, clips, some, history);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto t = static_cast<std::size_t>(frames[i]) - 1;
      const auto here = lpips(weights, predicted[t], truth[t + static_cast<std::size_t>(history)]);
      scores[i].insert(scores[i].end(), here.begin(), here.end());
    }
  }
  std::vector<double> means;
  for (const auto& values : scores) means.push_back(mean(values));
  return means;
}

FilmStrip strip_of(const std::vector<FilmRow>& rows, const VideoTask& clips, std::int64_t episode,
                   std::int64_t history) {
  FilmStrip strip = true_strip(fmt::format("Episode {}", episode), clips, episode, history);
  for (const FilmRow& row : rows) {
    if (row.is_shown) add_film(strip, row.name, row.predict);
  }
  return strip;
}

// Those of the table pixel-pendulum, and the last.
std::vector<std::int64_t> shown_frames(std::int64_t horizon) {
  std::vector<std::int64_t> frames{1, 5, 10, 15, 20, 26};
  std::erase_if(frames, [horizon](std::int64_t frame) { return frame >= horizon; });
  frames.push_back(horizon);
  return frames;
}

}  // namespace

std::optional<FilmTailoring> own_tailoring(const Checkpoint& checkpoint) {
  const auto& own = checkpoint.video.value().tailoring;
  if (!own) return std::nullopt;
  return FilmTailoring{
      .phi = learn::split(checkpoint.state.params).phi, .share = own->share, .steps = own->steps};
}

double usual_target(const Checkpoint& checkpoint, const VideoTask& clips,
                    const FilmTailoring& tailoring) {
  if (clips.train.empty()) {
    throw base::DataError(
        fmt::format("'{}' has no train split to choose the target of inner steps from: say --set "
                    "inner_target=NUMBER, such as an evaluation of the training's file shows",
                    clips.source));
  }
  return usual_noether_loss(video_model(checkpoint), clips,
                            learn::split(checkpoint.state.params).theta,
                            tailoring_by(checkpoint, tailoring));
}

std::string describe(const FilmTailoring& tailoring) {
  return fmt::format("energy minus work (polyak, share {:g}, K = {}{})", tailoring.share,
                     tailoring.steps,
                     tailoring.target > 0 ? fmt::format(", L* = {:.6g}", tailoring.target) : "");
}

std::vector<FilmRow> film_rows(const Checkpoint& checkpoint, const VideoTask& clips,
                               const std::optional<FilmTailoring>& tailoring) {
  std::vector<FilmRow> rows{{"copy-last",
                             [](const VideoQuery& query) {
                               return Tensors(static_cast<std::size_t>(query.steps),
                                              query.history.back());
                             },
                             false}};
  if (!clips.train.empty()) rows.push_back({"mean-image", still(mean_frame(clips)), false});
  const learn::VideoPredictor& model = video_model(checkpoint);
  const learn::Params theta = learn::split(checkpoint.state.params).theta;
  rows.push_back({checkpoint.video->tailoring ? "untailored"
                                              : std::string(learn::find_model(model.kind()).row),
                  untailored(model, theta)});
  if (tailoring)
    rows.push_back({"tailored", tailored(model, theta, tailoring_by(checkpoint, *tailoring), {})});
  return rows;
}

VideoEvaluation evaluate_film(const std::vector<FilmRow>& rows, const VideoTask& clips,
                              std::int64_t history, const std::optional<LpipsWeights>& lpips,
                              int jobs) {
  if (clips.test.empty())
    throw base::DataError(fmt::format("'{}' has no test split to predict", clips.source));
  VideoEvaluation evaluation{
      .frames = shown_frames(clips.frames - history), .rows = {}, .strips = {}};
  for (const FilmRow& row : rows) {
    const auto frames =
        frame_scores(clips, clips.test, history, row.predict, base::thread_count(jobs));
    FilmScores scores{.row = row.name,
                      .episode_mse = {},
                      .mse = over_episodes(frames.mse),
                      .psnr = decibels(over_episodes(frames.mse)),
                      .ssim = over_episodes(frames.ssim),
                      .ssim_uniform = over_episodes(frames.ssim_uniform),
                      .lpips = {}};
    for (const auto& episode : frames.mse) scores.episode_mse.push_back(mean(episode));
    if (lpips) scores.lpips = lpips_at(evaluation.frames, row, clips, history, *lpips);
    evaluation.rows.push_back(std::move(scores));
  }
  constexpr std::size_t most_strips = 3;
  for (std::size_t i = 0; i < std::min(most_strips, clips.test.size()); ++i)
    evaluation.strips.push_back(strip_of(rows, clips, clips.test[i], history));
  return evaluation;
}

}  // namespace noether::bench
