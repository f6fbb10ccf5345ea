#pragma once

// What a video model is given and judged by, taken from one file of filmed episodes. The sibling of
// task.h.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "bench/data/frame_view.h"
#include "dataset/store/dataset_file.h"
#include "learn/train/clips.h"

namespace noether::bench {

// A clip is the first T frames of an episode, of E episodes, and the T - 1 actions between them:
// action t leads from frame t to frame t + 1.
struct VideoTask {
  std::string source = {};  // the file, for error messages
  std::string content_sha256 = {};
  std::string system = {};  // "pendulum"
  FrameView view = {};
  double dt = 0;              // s, between frames
  std::int64_t episodes = 0;  // E
  std::int64_t frames = 0;    // T
  std::int64_t channels = 0;  // c, h and w of a frame as a model sees it
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t action_size = 0;  // a

  // (E, T, c, h * average, w * average), see append_crop: bytes are converted when a batch is made
  std::vector<std::uint8_t> pixels = {};
  // (E, T - 1, a), clipped to max_torque and divided by it; where nothing drives the system, one
  // that is 0
  std::vector<float> actions = {};
  // (E, T, 2): theta (rad), theta_dot (rad/s); no model sees them. None where nothing drives it
  std::vector<double> states = {};

  // episodes of the splits
  std::vector<std::int64_t> train = {};
  std::vector<std::int64_t> valid = {};
  std::vector<std::int64_t> test = {};
};

struct ClipOptions {
  std::int64_t frames = 30;  // T: 4 of history and 26 to predict
  FrameView view = {};
  // told how many of `total` episodes are read
  std::function<void(std::int64_t done, std::int64_t total)> on_progress = {};
};

// Reads the file episode by episode, so that only the bytes of `pixels` are held. Throws DataError
// where the file holds no episodes, frames whose size or colors the view cannot take, episodes
// shorter than a clip, or a number that is not finite in what is used; UsageError for a view or a
// number of frames that is not positive; Interrupted.
VideoTask load_video_task(const dataset::DatasetFile& file, const ClipOptions& options = {});
VideoTask load_video_task(const std::filesystem::path& path, const ClipOptions& options = {});

// Throws DataError where there is no train split to learn from.
void check_train_split(const VideoTask& clips);

// The first `times` frames of n of the episodes, as float32: frames in [0, 1], actions in [-1, 1].
learn::Clips clip_batch(const VideoTask& clips, std::span<const std::int64_t> episodes,
                        std::int64_t times);

}  // namespace noether::bench
