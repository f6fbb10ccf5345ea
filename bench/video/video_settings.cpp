#include "bench/video/video_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "bench/video/video_problem.h"
#include "dataset/make/setting.h"

namespace noether::bench {
namespace {

using base::UsageError;
using dataset::choice_setting;
using dataset::Config;
using dataset::integer_setting;
using dataset::number_setting;
using dataset::Overrides;
using dataset::SettingSpec;

constexpr double most_steps = 1e12, most_units = 1e4;
constexpr double least_positive = 1e-300, most = 1e300;
constexpr const char* default_preset = "small";

SettingSpec switched(std::string key, bool is_on, std::string description) {
  SettingSpec setting = dataset::switch_setting(std::move(key), std::move(description));
  setting.default_value = std::string(is_on ? "yes" : "no");
  return setting;
}

// What a model that training starts from has already.
std::vector<SettingSpec> settings_of_network(const VideoPreset& preset) {
  const learn::VideoOptions& model = preset.model;
  return {
      choice_setting("preset", default_preset, dataset::names_of(video_presets()),
                     "decides the defaults of all others"),
      integer_setting("crop", preset.view.crop, 1, 1024,
                      "height and width are divided by it; the middle is kept"),
      integer_setting("average", preset.view.average, 1, 1024,
                      "over blocks of so many pixels, after the crop"),
      choice_setting("channels", std::string(to_string(preset.view.channels)),
                     {std::string(to_string(Channels::rod)), std::string(to_string(Channels::rgb)),
                      std::string(to_string(Channels::grey))},
                     "that the model sees: red less green alone, all colours, or grey"),
      integer_setting("features", model.features, 1, most_units, "channels of the first level"),
      integer_setting("code", model.code, 1, most_units, "values that two frames become"),
      integer_setting("memory", model.memory, 1, most_units, "values of each LSTM cell"),
      integer_setting("lstm_layers", model.lstm_layers, 1, 100, "LSTM cells"),
      switched("skips", model.skips, "the decoder sees the last frames of history"),
      integer_setting("history", model.history, 2, 1e6, "frames that are given")};
}

struct Rates {
  std::int64_t steps, batch;
  double learning_rate;
  learn::Schedule schedule;
  double final_share;
  std::int64_t warmup;
  double clip_norm;
};
Rates rates_of(const VideoPreset& preset, VideoStart start) {
  if (start == VideoStart::anew)
    return {preset.steps, preset.batch, 2e-3, learn::Schedule::cosine, 0.02, 50, 0.2};
  return {preset.extra_steps, preset.extra_batch, 1e-4, learn::Schedule::constant, 0, 0, 0.05};
}

void check_conserve(const Config& config) {
  const std::string& conserve = config.text("conserve");
  if (!conserve.empty() && conserve != "work") {
    throw UsageError(fmt::format(
        "--conserve '{}': a video predictor conserves 'work', its energy minus work", conserve));
  }
  for (const char* key : {"inner_share", "inner_steps", "work_steps"}) {
    if (conserve.empty() && !config.is_default(key))
      throw UsageError(fmt::format("{} needs --conserve work", key));
  }
}

Overrides without_origins(Overrides overrides) {
  for (const char* origin : {"data_sha256", "from_sha256"}) overrides.erase(origin);
  return overrides;
}

Config config_of(const Overrides& overrides, VideoStart start) {
  const auto given = overrides.find("preset");
  const VideoPreset& preset =
      find_video_preset(given == overrides.end() ? default_preset : given->second);
  Config config("train", settings_of_video(preset, start), overrides);
  check_conserve(config);
  return config;
}

}  // namespace

std::vector<SettingSpec> settings_of_video(const VideoPreset& preset, VideoStart start) {
  const std::string name(learn::video_kind().name);
  std::vector<SettingSpec> settings{choice_setting("model", name, {name}, "what is trained")};
  for (SettingSpec& setting : settings_of_network(preset)) settings.push_back(std::move(setting));
  const Rates rates = rates_of(preset, start);
  const std::vector<SettingSpec> others{
      integer_setting("horizon", predicted_frames, 1, 1e6, "frames that are predicted"),
      switched("growing", start == VideoStart::anew,
               "predict few frames at first, and all in the end"),
      integer_setting("steps", rates.steps, 1, most_steps, "of Adam"),
      integer_setting("batch", rates.batch, 1, 1e6, "episodes a step"),
      number_setting("learning_rate", rates.learning_rate, least_positive, most, "1", "of Adam"),
      choice_setting("schedule", std::string(to_string(rates.schedule)), learn::schedule_names(),
                     "of the learning rate"),
      number_setting("final_share", rates.final_share, 0, 1, "1",
                     "of the learning rate, at the end of a schedule that falls"),
      integer_setting("warmup", rates.warmup, 0, most_steps,
                      "steps over which the learning rate first grows, if there are as many"),
      number_setting("clip_norm", rates.clip_norm, 0, most, "1",
                     "length to which longer gradients are shortened; 0: never"),
      dataset::seed_setting("of the initial weights and of the batches"),
      dataset::text_setting("conserve", "", "work: energy minus work; needs --from"),
      number_setting("inner_share", WorkTailoring{}.share, least_positive, 1, "1",
                     "of a Polyak step on what is conserved"),
      integer_setting("inner_steps", WorkTailoring{}.steps, 1, 1000, "how many of them"),
      integer_setting("work_steps", preset.work.steps, 1, most_steps,
                      "of learning what is conserved, beforehand")};
  settings.insert(settings.end(), others.begin(), others.end());
  return settings;
}

std::vector<SettingSpec> settings_of_video() {
  return settings_of_video(find_video_preset(default_preset), VideoStart::anew);
}

Config video_config(Overrides overrides) {
  Config config = config_of(without_origins(std::move(overrides)), VideoStart::anew);
  if (!config.text("conserve").empty())
    throw UsageError("--conserve work needs --from, a video predictor to go on from");
  return config;
}

Config video_config_from(const Checkpoint& other, const std::filesystem::path& path,
                         Overrides overrides) {
  base::with_context(fmt::format("'{}'", path.string()), [&] { video_model(other); });
  overrides = without_origins(std::move(overrides));
  const Overrides its = dataset::parse_toml(other.config_toml, path.string()).overrides;
  for (const SettingSpec& setting : settings_of_network(find_video_preset(default_preset))) {
    const auto there = its.find(setting.key);
    if (there == its.end()) {
      throw base::DataError(
          fmt::format("'{}' is no whole model file: its configuration has no '{}'", path.string(),
                      setting.key));
    }
    const auto [asked, is_new] = overrides.try_emplace(setting.key, there->second);
    if (is_new || asked->second == there->second) continue;
    throw UsageError(fmt::format("'{}' has {} = {}, not {}: leave it out", path.string(),
                                 setting.key, there->second, asked->second));
  }
  // what it predicts is a default alone
  if (const auto horizon = its.find("horizon"); horizon != its.end()) overrides.insert(*horizon);
  return config_of(overrides, VideoStart::from_model);
}

VideoSetup video_setup_of(const Config& config) {
  VideoSetup setup{.view = {.crop = static_cast<int>(config.integer("crop")),
                            .average = static_cast<int>(config.integer("average")),
                            .channels = channels_of(config.text("channels")).value()},
                   .frames = config.integer("history") + config.integer("horizon")};
  if (!config.text("conserve").empty()) {
    setup.tailoring = {.share = config.number("inner_share"),
                       .steps = config.integer("inner_steps")};
  }
  return setup;
}

learn::VideoOptions video_options_of(const Config& config, std::int64_t size,
                                     std::int64_t actions) {
  return {.channels = channel_count(channels_of(config.text("channels")).value()),
          .size = size,
          .features = config.integer("features"),
          .code = config.integer("code"),
          .memory = config.integer("memory"),
          .lstm_layers = config.integer("lstm_layers"),
          .actions = actions,
          .history = config.integer("history"),
          .skips = config.is_on("skips")};
}

learn::Training video_training_of(const Config& config) {
  return {.steps = config.integer("steps"),
          .adam = {.learning_rate = config.number("learning_rate")},
          .schedule = learn::schedule_of(config.text("schedule")),
          .final_share = config.number("final_share"),
          .warmup_steps = std::min(config.integer("warmup"), config.integer("steps")),
          .clip_norm = config.number("clip_norm")};
}

learn::Curriculum curriculum_of(const Config& config) {
  const std::int64_t horizon = config.integer("horizon");
  if (!config.is_on("growing")) return {{1, horizon}};
  learn::Curriculum curriculum = learn::growing_horizon;
  for (learn::Stage& stage : curriculum) stage.horizon = std::min(stage.horizon, horizon);
  curriculum.back().horizon = horizon;
  return curriculum;
}

}  // namespace noether::bench
