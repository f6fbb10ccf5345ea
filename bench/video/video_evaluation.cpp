#include "bench/video/video_evaluation.h"

#include <algorithm>

#include "base/workers.h"
#include "bench/video/image_metrics.h"
#include "bench/video/rod_energy.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {

namespace {

constexpr std::int64_t at_a_time = 10;  // episodes

struct TestSet {
  const VideoTask& clips;
  std::string suffix;  // of its metrics
};

using Scores = std::vector<std::vector<double>>;

std::vector<double> over_frames(const Scores& scores) {
  std::vector<double> means;
  for (const auto& episode : scores) means.push_back(mean(episode));
  return means;
}

// The mean over all, that of each episode, and the curve.
RunResult error_records(const Scores& errors, const std::string& suffix) {
  RunResult result;
  const std::vector<double> of_episode = over_frames(errors);
  result.records.push_back({.metric = "mse" + suffix, .value = mean(of_episode)});
  for (std::size_t i = 0; i < of_episode.size(); ++i) {
    result.records.push_back({.sample = static_cast<std::int64_t>(i),
                              .metric = "episode_mse" + suffix,
                              .value = of_episode[i]});
  }
  double frame = 0;
  for (const double error : over_episodes(errors)) {
    result.curves.push_back(
        {.at = {{"frame", ++frame}}, .metric = "frame_mse" + suffix, .value = error});
  }
  return result;
}

std::vector<double> energy_errors_after(const learn::Tensors& frames, learn::Tensors predicted,
                                        std::int64_t history, double dt) {
  const learn::Tensors truth(frames.begin() + history - 1, frames.end());
  predicted.insert(predicted.begin(), truth.front());
  return energy_errors(predicted, truth, dt);
}

// How far the energy is off, and whether it is so where the film is.
std::vector<Record> energy_records(const FrameScores& scores, const std::string& suffix) {
  return {{.metric = "energy_error" + suffix, .value = mean(scores.energy_errors)},
          {.metric = "energy_rank" + suffix,
           .value = rank_correlation(over_frames(scores.mse), scores.energy_errors)}};
}

std::vector<Record> by_frame(const Scores& scores, const std::string& metric,
                             std::span<const double> frames) {
  const std::vector<double> means = over_episodes(scores);
  std::vector<Record> records;
  for (const double frame : frames) {
    records.push_back({.at = {{"frame", frame}},
                       .metric = metric,
                       .value = means.at(static_cast<std::size_t>(frame) - 1)});
  }
  return records;
}

}  // namespace

std::vector<double> over_episodes(const std::vector<std::vector<double>>& scores) {
  std::vector<double> means;
  for (std::size_t t = 0; t < scores.front().size(); ++t) {
    std::vector<double> here;
    for (const auto& episode : scores) here.push_back(episode[t]);
    means.push_back(mean(here));
  }
  return means;
}

PredictFrames still(const learn::Tensor& image) {
  return [image](const learn::VideoQuery& query) {
    return learn::Tensors(static_cast<std::size_t>(query.steps),
                          broadcast_to(image, query.history.back().shape()));
  };
}

PredictFrames untailored(const learn::VideoPredictor& model, const learn::Params& theta) {
  return [model, theta](const learn::VideoQuery& query) {
    const auto& [history, actions, steps] = query;
    const learn::Params own = model.own(actions.shape()[0], actions.dtype());
    return model.predict(theta, own, history, actions, steps);
  };
}

PredictFrames tailored(const learn::VideoPredictor& model, const learn::Params& theta,
                       const learn::VideoTailoring& tailoring, const learn::Params& phi) {
  return [model, theta, tailoring, phi](const learn::VideoQuery& query) {
    const learn::Params own = tailored_own(model, theta, tailoring, phi, query);
    return model.predict(theta, own, query.history, query.actions, query.steps);
  };
}

FrameScores frame_scores(const VideoTask& clips, std::span<const std::int64_t> episodes,
                         std::int64_t history, const PredictFrames& predict, int jobs) {
  const std::size_t count = episodes.size();
  FrameScores scores{Scores(count), Scores(count), Scores(count), std::vector<double>(count)};
  const auto append = [](Scores& all, std::int64_t first, const std::vector<double>& here) {
    for (std::size_t i = 0; i < here.size(); ++i)
      all[static_cast<std::size_t>(first) + i].push_back(here[i]);
  };
  base::Workers workers(jobs);
  workers.run((std::ssize(episodes) + at_a_time - 1) / at_a_time, [&](std::int64_t batch) {
    const std::int64_t first = batch * at_a_time;
    const auto from = static_cast<std::size_t>(first);
    const auto chosen = episodes.subspan(from, std::min<std::size_t>(at_a_time, count - from));
    const auto [frames, actions] = clip_batch(clips, chosen, clips.frames);
    const auto predicted =
        predict({{frames.begin(), frames.begin() + history}, actions, clips.frames - history});
    for (std::size_t t = 0; t < predicted.size(); ++t) {
      const learn::Tensor& truth = frames[t + static_cast<std::size_t>(history)];
      append(scores.mse, first, mean_squared_error(predicted[t], truth));
      append(scores.ssim, first, ssim(predicted[t], truth));
      append(scores.ssim_uniform, first, ssim_uniform(predicted[t], truth));
    }
    std::ranges::copy(energy_errors_after(frames, predicted, history, clips.dt),
                      scores.energy_errors.begin() + first);
  });
  return scores;
}

learn::Tensor mean_frame(const VideoTask& clips) {
  learn::Tensor total;
  for (const std::int64_t episode : clips.train) {
    const auto batch = clip_batch(clips, std::span(&episode, 1), clips.frames);
    for (const learn::Tensor& frame : batch.frames)
      total = accumulate(std::move(total), cast(frame, learn::DType::f64));
  }
  const auto count = static_cast<double>(std::ssize(clips.train) * clips.frames);
  return cast(scale(total, 1 / count), learn::DType::f32);
}

std::vector<Metric> video_metrics() {
  const auto compared = [](const std::string& name, const std::string& title,
                           const std::string& meaning) {
    return Metric{.name = name, .title = title, .is_compared = true, .meaning = meaning};
  };
  const auto energy = [](const std::string& name, const std::string& title,
                         const std::string& meaning) {
    return Metric{
        .name = name, .title = title, .unit = "1/s²", .meaning = meaning, .section = "Energy"};
  };
  const auto rank = [](const std::string& name, const std::string& title,
                       const std::string& meaning) {
    return Metric{.name = name,
                  .title = title,
                  .better = Better::higher,
                  .meaning = meaning,
                  .section = "Energy"};
  };
  return {
      compared("mse", "MSE",
               "the mean square error over pixels, 26 predicted frames and test episodes; a "
               "pair is a seed."),
      compared("mse_fast", "MSE fast",
               "the same of episodes that start with speeds within 4 rad/s; those of training "
               "start within 1."),
      compared("mse_far", "MSE far", "the same of 60 predicted frames."),
      compared("episode_mse", "episode MSE",
               "the same as MSE, where a pair is an episode of a seed."),
      compared("episode_mse_fast", "episode MSE fast",
               "as MSE fast, where a pair is an episode of a seed."),
      compared("episode_mse_far", "episode MSE far",
               "as MSE far, where a pair is an episode of a seed."),
      {.name = "mse_valid",
       .title = "MSE valid",
       .meaning = "the same as MSE of the validation clips, by which settings are chosen."},
      {.name = "seconds", .title = "training", .unit = "s", .is_time = true},
      {.name = "inner_target",
       .title = "L*",
       .meaning = "the inner loss below which tailoring leaves a clip alone."},
      {.name = "frame_mse", .title = "MSE", .section = "By frame"},
      {.name = "frame_ssim",
       .title = "SSIM",
       .better = Better::higher,
       .meaning = "structural similarity with an 11 x 11 Gaussian window, data range 1.",
       .section = "By frame"},
      energy("energy_error", "energy error",
             "how far the energy of a predicted film is off, the root mean square over frames, "
             "read off the angle of the rod; a mean over episodes. Energies are from -15 to 47."),
      energy("energy_error_fast", "energy error fast", "the same of fast starts."),
      energy("energy_error_far", "energy error far", "the same of 60 predicted frames."),
      rank("energy_rank", "rank correlation",
           "that of an episode's MSE with its energy error (Spearman)."),
      rank("energy_rank_fast", "rank correlation fast", "the same of fast starts."),
      rank("energy_rank_far", "rank correlation far", "the same of 60 predicted frames."),
      {.name = "conserved_ratio",
       .title = "conserved ratio",
       .meaning = "the variance of g along a validation clip, divided by the variance of its "
                  "energy among all.",
       .section = "Energy minus work"},
      {.name = "starts",
       .title = "starts",
       .meaning = "how many trainings of g were made, at most five; the best on validation clips "
                  "is kept.",
       .section = "Energy minus work"},
      {.name = "pearson",
       .title = "correlation with the energy",
       .better = Better::higher,
       .meaning =
           "the absolute correlation of the learned with the true energy, over the test clips.",
       .section = "Energy minus work"}};
}

std::vector<Panel> video_panels() {
  return {{"frame_mse", "MSE, in distribution"},
          {"frame_mse_fast", "MSE, fast starts"},
          {"frame_mse_far", "MSE, 60 frames"}};
}

std::vector<Scatter> video_scatters() {
  return {{"mse", "energy_error", "In distribution"},
          {"mse_fast", "energy_error_fast", "Fast starts"},
          {"mse_far", "energy_error_far", "60 frames"}};
}

RunResult video_records(const VideoProblem& problem, const PredictFrames& predict,
                        std::span<const double> frames) {
  const auto scores_of = [&](const VideoTask& clips, std::span<const std::int64_t> episodes) {
    return frame_scores(clips, episodes, problem.preset.model.history, predict, problem.jobs);
  };
  RunResult result;
  for (const auto& [clips, suffix] :
       {TestSet{problem.clips, ""}, {problem.fast, "_fast"}, {problem.far, "_far"}}) {
    const FrameScores scores = scores_of(clips, clips.test);
    append(result, error_records(scores.mse, suffix));
    append(result, {.records = energy_records(scores, suffix)});
    if (!suffix.empty()) continue;
    append(result, {.records = by_frame(scores.mse, "frame_mse", frames)});
    append(result, {.records = by_frame(scores.ssim, "frame_ssim", frames)});
  }
  const FrameScores valid = scores_of(problem.clips, problem.clips.valid);
  result.records.push_back({.metric = "mse_valid", .value = mean(over_frames(valid.mse))});
  return result;
}

}  // namespace noether::bench
