#include "bench/video/preset.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace noether::bench {

const std::vector<VideoPreset>& video_presets() {
  static const std::vector<VideoPreset> presets = {
      {.name = "ci",
       .description = "16 x 16 grey, a model of 108,929 weights",
       .view = {.crop = 2, .average = 2},
       .model = {.size = 16, .features = 8},
       .steps = 3300,
       .batch = 32},
      {.name = "small",
       .description = "32 x 32 grey, a model of 142,129 weights",
       .view = {.crop = 2, .average = 1},
       .model = {.size = 32, .features = 8},
       .steps = 8000,
       .batch = 16},
      {.name = "paper",
       .description = "64 x 64 in colour with skips, the size of the published model; takes days",
       .view = {.crop = 1, .average = 1, .channels = Channels::rgb},
       .model = {.channels = 3,
                 .size = 64,
                 .features = 64,
                 .code = 128,
                 .memory = 256,
                 .lstm_layers = 2,
                 .skips = true},
       .steps = 100000,
       .batch = 16}};
  return presets;
}

const VideoPreset& find_video_preset(const std::string& name) {
  const auto found = std::ranges::find(video_presets(), name, &VideoPreset::name);
  if (found != video_presets().end()) return *found;
  std::vector<std::string> known;
  for (const VideoPreset& preset : video_presets()) known.push_back(preset.name);
  throw base::UsageError(base::unknown_name("preset", name, known));
}

}  // namespace noether::bench
