// What the runs of video tables have in common.

#include <string>

#include "bench/tables/video/video_rows.h"

namespace noether::bench {
namespace {

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const VideoPreset& preset : video_presets()) names.push_back(preset.name);
  return names;
}

}  // namespace

Axis train_episodes_axis(std::vector<double> values) {
  return {.name = "train_episodes",
          .description = "episodes to train on",
          .min = 1,
          .max = 1e6,
          .values = std::move(values),
          .quick_values = {40},
          .is_swept = true};
}

std::vector<dataset::SettingSpec> video_settings() {
  return {dataset::choice_setting("preset", "ci", preset_names(),
                                  "size of frames and model, and length of training"),
          dataset::integer_setting("base_steps", 0, 0, 1e9,
                                   "of the base model; 0: as many as the preset says")};
}

VideoProblem video_problem(const RunContext& run) {
  VideoPreset preset = find_video_preset(run.settings.config.text("preset"));
  if (run.settings.quick) {
    preset.steps = preset.work.steps = 60;
    preset.work.starts = 1;
    preset.extra_steps = 5;
    preset.batch = preset.extra_batch = 8;
    preset.judged = 12;
  }
  if (const auto steps = run.settings.config.integer("base_steps"); steps > 0) preset.steps = steps;
  return make_video_problem(preset, static_cast<std::int64_t>(run.at.at("train_episodes")), run);
}

const char* const video_data_method =
    R"(Data: `noether generate pixel-pendulum --n EPISODES --steps 29 --set policy=wandering --seed SEED`, of
which 200 episodes validate and 200 test; the rest train. `fast` are 200 more with `start_speed=4` and
the seed plus 1e9, `far` 200 more of 63 steps and the seed plus 2e9, so that no two sets share an episode.
Models see the middle half of each frame, its rod as (R - G) / 127; preset `ci`
averages 2 x 2 pixels, so 16 x 16 are left, `small` has 32 x 32. Torques are divided by their bound.)";

const char* const video_training_method =
    R"(`svg` is the predictor of Denton and Fergus (2018) without sampling: 4 frames are seen, the following
ones predicted, each made of the predictions before it and of the torques. It is trained free-running,
with the gradient through all predicted pixels, on the mean square error, by Adam with 2e-3, which falls
to 2 % along half a cosine after 50 steps of warm-up; gradients are no longer than .2. The horizon grows:
3 frames until a tenth of the steps, 8 until 30 %, 16 until 55 %, then 26. `ci` takes 3,300 steps of 32
sequences, `small` 8,000 of 16. What comes after it is 300 steps of 32 sequences at a rate of 1e-4,
gradients no longer than .05; `svg-equal-compute` takes three times as many.)";

}  // namespace noether::bench
