#pragma once

// How large a video problem is: what the model sees, the model, and how long it is trained.

#include <cstdint>
#include <string>
#include <vector>

#include "bench/data/frame_view.h"
#include "learn/models/video.h"
#include "learn/noether/work_quantity.h"

namespace noether::bench {

struct VideoPreset {
  std::string name;
  std::string description;  // one line
  FrameView view;
  learn::VideoOptions model;
  std::int64_t steps = 0;  // of the base model, each of `batch` sequences
  std::int64_t batch = 16;
  std::int64_t extra_steps = 300;  // of what comes after it, each of `extra_batch` sequences
  std::int64_t extra_batch = 32;
  learn::WorkPretraining work = {};
  std::int64_t judged = 200;  // episodes to validate on, and of each test set
};

const std::vector<VideoPreset>& video_presets();
// Throws UsageError for a name that is none of them.
const VideoPreset& find_video_preset(const std::string& name);

}  // namespace noether::bench
