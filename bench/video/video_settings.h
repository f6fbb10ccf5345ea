#pragma once

// The settings of a video predictor's training: all that decides it, but the data and the model
// that it starts from. As those of other models (bench/model/training_settings.h), in --set, TOML
// and the model file; defaults are those of a preset.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "bench/model/checkpoint.h"
#include "bench/video/preset.h"
#include "dataset/make/config.h"

namespace noether::bench {

// Of a training from new weights, or of one that goes on from another model.
enum class VideoStart { anew, from_model };
std::vector<dataset::SettingSpec> settings_of_video(const VideoPreset& preset, VideoStart start);

// The settings where nothing was said: preset small, from new weights.
std::vector<dataset::SettingSpec> settings_of_video();

// The defaults of the preset with `overrides`. The origins that the configuration in a model file
// begins with are left out. Throws UsageError for settings that do not exist, or do not go
// together.
dataset::Config video_config(dataset::Overrides overrides);

// The same for a start from `other`, read from `path`: its view of the frames and its network, and
// by default its horizon. Throws UsageError where `overrides` name others, DataError where `other`
// is no video predictor.
dataset::Config video_config_from(const Checkpoint& other, const std::filesystem::path& path,
                                  dataset::Overrides overrides);

// View, clips and tailoring.
VideoSetup video_setup_of(const dataset::Config& config);
// For frames of `size` px and actions of so many values.
learn::VideoOptions video_options_of(const dataset::Config& config, std::int64_t size,
                                     std::int64_t actions);
learn::Training video_training_of(const dataset::Config& config);
// 3 frames, then 8, 16, and all in the end (learn::growing_horizon), or all from the beginning.
learn::Curriculum curriculum_of(const dataset::Config& config);

}  // namespace noether::bench
