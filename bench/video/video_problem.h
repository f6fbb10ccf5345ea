#pragma once

// One run of a video table: its episodes, and the model.

#include <cstdint>
#include <vector>

#include "bench/data/video_task.h"
#include "bench/table/experiment.h"
#include "bench/video/preset.h"
#include "learn/train/clips.h"

namespace noether::bench {

inline constexpr std::int64_t predicted_frames = 26, far_frames = 60;

// All episodes are driven by the policy `wandering`.
struct VideoProblem {
  VideoPreset preset;
  learn::VideoPredictor model;
  VideoTask clips;  // to train, validate and test in distribution
  // to test out of distribution: speeds at the start within +-4 rad/s instead of 1; 60 frames to
  // predict instead of 26
  VideoTask fast, far;
  double inner_share = 0;  // of the Polyak step through which the model is trained
  std::uint64_t seed = 0;
  int jobs = 1;
};

VideoProblem make_video_problem(const VideoPreset& preset, std::int64_t train_episodes,
                                const RunContext& run);

// Number i of it is episodes[i] of the clips, which outlive it.
learn::ClipSource source_of(const VideoTask& clips, const std::vector<std::int64_t>& episodes);

}  // namespace noether::bench
