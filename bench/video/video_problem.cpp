#include "bench/video/video_problem.h"

#include <fmt/format.h>

#include "bench/data/generated_dataset.h"

namespace noether::bench {

namespace {

// between the seed of a run and those of its other test sets
constexpr std::uint64_t apart = 1'000'000'000;

VideoTask made_clips(const VideoPreset& preset, dataset::Overrides overrides, std::int64_t frames,
                     std::uint64_t seed, const RunContext& run) {
  overrides["policy"] = "wandering";
  overrides["steps"] = std::to_string(frames - 1);
  const auto progress = [&run](const char* phase, std::int64_t done, std::int64_t total) {
    run.report(fmt::format("{} episodes, {} of {}", phase, done, total));
  };
  const auto file =
      kept_dataset("pixel-pendulum", overrides, seed,
                   {.folder = run.data_folder, .jobs = run.jobs, .on_progress = progress});
  return load_video_task(file, {.frames = frames,
                                .view = preset.view,
                                .on_progress = [&](std::int64_t done, std::int64_t total) {
                                  progress("reading", done, total);
                                }});
}

// all of them to test on
VideoTask test_clips(const VideoPreset& preset, dataset::Overrides overrides, std::int64_t frames,
                     std::uint64_t seed, const RunContext& run) {
  overrides["n"] = std::to_string(preset.judged);
  overrides["train_share"] = "0";
  overrides["valid_share"] = "0";
  return made_clips(preset, std::move(overrides), frames, seed, run);
}

}  // namespace

VideoProblem make_video_problem(const VideoPreset& preset, std::int64_t train_episodes,
                                const RunContext& run) {
  const std::int64_t history = preset.model.history, n = train_episodes + 2 * preset.judged;
  const auto share = [n](std::int64_t episodes) {
    return fmt::format("{:.17g}", static_cast<double>(episodes) / static_cast<double>(n));
  };
  const std::int64_t frames = history + predicted_frames;
  return {.preset = preset,
          .model = learn::VideoPredictor(preset.model),
          .clips = made_clips(preset,
                              {{"n", std::to_string(n)},
                               {"train_share", share(train_episodes)},
                               {"valid_share", share(preset.judged)}},
                              frames, run.seed, run),
          .fast = test_clips(preset, {{"start_speed", "4"}}, frames, run.seed + apart, run),
          .far = test_clips(preset, {}, history + far_frames, run.seed + 2 * apart, run),
          .seed = run.seed,
          .jobs = run.jobs};
}

learn::ClipSource source_of(const VideoTask& clips, const std::vector<std::int64_t>& episodes) {
  return [&clips, &episodes](std::span<const std::int64_t> which, std::int64_t times) {
    std::vector<std::int64_t> chosen;
    for (const std::int64_t i : which) chosen.push_back(episodes[static_cast<std::size_t>(i)]);
    return clip_batch(clips, chosen, times);
  };
}

}  // namespace noether::bench
