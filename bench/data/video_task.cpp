#include "bench/data/video_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/interrupt.h"
#include "bench/data/split.h"
#include "dataset/store/schema.h"

namespace noether::bench {
namespace {

using base::DataError;
using dataset::DatasetFile;

const std::string pixels_array = dataset::pixels_array;
const std::string actions_array = "episodes/actions";
const std::string states_array = "episodes/state";

void check_options(const ClipOptions& options) {
  if (options.frames < 2)
    throw base::UsageError(
        fmt::format("clips of {} frames: at least 2 are needed", options.frames));
  if (options.view.crop < 1 || options.view.average < 1) {
    throw base::UsageError(fmt::format("crop {} and average {} of frames must be at least 1",
                                       options.view.crop, options.view.average));
  }
}

void check_lengths(const DatasetFile& file, const VideoTask& clips, std::int64_t stored_frames) {
  if (stored_frames < clips.frames) {
    throw DataError(fmt::format("'{}': its episodes have {} frames, a clip takes {}", clips.source,
                                stored_frames, clips.frames));
  }
  const auto lengths = file.read<std::int64_t>("episodes/length");
  for (std::int64_t i = 0; i < clips.episodes; ++i) {
    const std::int64_t steps = lengths[static_cast<std::size_t>(i)];
    if (steps >= clips.frames - 1) continue;
    throw DataError(fmt::format("'{}': episode {} has {} frames, a clip takes {}", clips.source, i,
                                steps + 1, clips.frames));
  }
}

void check_frame_size(const VideoTask& clips, std::int64_t height, std::int64_t width) {
  const std::int64_t multiple = extent_multiple(clips.view);
  if (height >= multiple && height % multiple == 0 && width >= multiple && width % multiple == 0)
    return;
  throw DataError(fmt::format(
      "'{}': its frames are {} x {} px; to take the middle 1/{} of them, averaged over {} x {} px, "
      "both must be multiples of {}",
      clips.source, height, width, clips.view.crop, clips.view.average, clips.view.average,
      multiple));
}

// The first `count` numbers of row `episode` of an array, of which `per_time` are of one time.
template <class T>
std::vector<T> head_of(const DatasetFile& file, const std::string& array, std::int64_t episode,
                       std::int64_t count, std::int64_t per_time) {
  auto values = file.rows<T>(array, episode, 1);
  values.resize(static_cast<std::size_t>(count));
  const auto bad = std::ranges::find_if(values, [](T value) { return !std::isfinite(value); });
  if (bad == values.end()) return values;
  throw DataError(
      fmt::format("'{}': '{}' holds a number that is not finite in episode {} at time index {}",
                  file.h5().path().string(), array, episode, (bad - values.begin()) / per_time));
}

// an array's shape without its first two axes, which are episode and time
dataset::Shape shape_at_a_time(const DatasetFile& file, const std::string& array) {
  auto shape = file.h5().describe(array).shape;
  return {shape.begin() + 2, shape.end()};
}

double positive_number(const DatasetFile& file, const std::string& attribute) {
  const double value = file.number(attribute);
  if (std::isfinite(value) && value > 0) return value;
  throw DataError(fmt::format("'{}': the attribute '{}' is {:g}; a positive number was expected",
                              file.h5().path().string(), attribute, value));
}

// All but the numbers of the episodes.
VideoTask outline(const DatasetFile& file, const ClipOptions& options) {
  VideoTask clips{
      .source = file.h5().path().string(), .view = options.view, .frames = options.frames};
  if (file.schema() != dataset::episodes_schema) {
    throw DataError(fmt::format("'{}' holds trajectories, schema '{}'; '{}' was expected",
                                clips.source, file.schema(), dataset::episodes_schema));
  }
  clips.content_sha256 = file.text("content_sha256");
  clips.system = file.text("system");
  clips.dt = positive_number(file, "dt");
  clips.episodes = file.samples();
  clips.action_size = file.has_actions() ? shape_at_a_time(file, actions_array).at(0) : 1;
  if (!file.has_actions() && clips.view.channels == Channels::rod) {
    throw DataError(
        fmt::format("'{}': channels = rod sees the rod of the pixel pendulum; a film of "
                    "{} takes channels = grey or rgb",
                    clips.source, clips.system));
  }
  const auto stored = file.h5().describe(pixels_array).shape;
  const std::int64_t height = stored.at(2), width = stored.at(3);
  check_lengths(file, clips, stored.at(1));
  check_frame_size(clips, height, width);
  clips.channels = channel_count(clips.view.channels);
  clips.height = height / clips.view.crop / clips.view.average;
  clips.width = width / clips.view.crop / clips.view.average;
  clips.train = split_of(file, "train", clips.episodes);
  clips.valid = split_of(file, "valid", clips.episodes);
  clips.test = split_of(file, "test", clips.episodes);
  return clips;
}

void append_frames(VideoTask& clips, const DatasetFile& file, std::int64_t episode) {
  const auto shape = shape_at_a_time(file, pixels_array);
  const auto pixels = file.rows<std::uint8_t>(pixels_array, episode, 1);
  const auto frame = static_cast<std::size_t>(shape[0] * shape[1] * shape[2]);
  for (std::size_t t = 0; t < static_cast<std::size_t>(clips.frames); ++t) {
    const auto stored = std::span(pixels).subspan(t * frame, frame);
    if (shape[2] == 3) {
      append_crop(clips.pixels, stored, shape[0], shape[1], clips.view);
      continue;
    }
    std::vector<std::uint8_t> rgb;  // of grey, whose weights are those of its own value
    for (const std::uint8_t number : stored) rgb.insert(rgb.end(), 3, number);
    append_crop(clips.pixels, rgb, shape[0], shape[1], clips.view);
  }
}

// The actions of an episode, and the states to which they lead.
void append_drive(VideoTask& clips, const DatasetFile& file, std::int64_t episode) {
  const double most = positive_number(file, "max_torque");
  const std::int64_t actions = (clips.frames - 1) * clips.action_size;
  for (const float u : head_of<float>(file, actions_array, episode, actions, clips.action_size))
    clips.actions.push_back(
        static_cast<float>(std::clamp(static_cast<double>(u), -most, most) / most));
  std::ranges::copy(head_of<double>(file, states_array, episode, clips.frames * 2, 2),
                    std::back_inserter(clips.states));
}

std::size_t bytes_of_frame(const VideoTask& clips) {
  const std::int64_t block = std::int64_t{clips.view.average} * clips.view.average;
  return static_cast<std::size_t>(clips.channels * clips.height * clips.width * block);
}

// [n, c, h, w]: frame t of the episodes
learn::Tensor frame_batch(const VideoTask& clips, std::span<const std::int64_t> episodes,
                          std::int64_t t) {
  const std::size_t bytes = bytes_of_frame(clips);
  const auto size = static_cast<std::size_t>(clips.channels * clips.height * clips.width);
  return learn::Tensor::build<float>(
      {std::ssize(episodes), clips.channels, clips.height, clips.width}, [&](std::span<float> out) {
        for (std::size_t i = 0; i < episodes.size(); ++i) {
          const auto at = static_cast<std::size_t>(episodes[i] * clips.frames + t);
          average_blocks(out.subspan(i * size, size),
                         std::span(clips.pixels).subspan(at * bytes, bytes),
                         clips.width * clips.view.average, clips.view);
        }
      });
}

learn::Tensor action_batch(const VideoTask& clips, std::span<const std::int64_t> episodes,
                           std::int64_t times) {
  const std::int64_t stored = (clips.frames - 1) * clips.action_size,
                     taken = (times - 1) * clips.action_size;
  return learn::Tensor::build<float>(
      {std::ssize(episodes), times - 1, clips.action_size}, [&](std::span<float> out) {
        auto at = out.begin();
        for (const std::int64_t i : episodes)
          at = std::copy_n(clips.actions.begin() + i * stored, taken, at);
      });
}

}  // namespace

VideoTask load_video_task(const DatasetFile& file, const ClipOptions& options) {
  check_options(options);
  VideoTask clips = outline(file, options);
  clips.pixels.reserve(static_cast<std::size_t>(clips.episodes * clips.frames) *
                       bytes_of_frame(clips));
  if (!file.has_actions())
    clips.actions.resize(static_cast<std::size_t>(clips.episodes * (clips.frames - 1)));
  for (std::int64_t i = 0; i < clips.episodes; ++i) {
    base::check_interrupt();
    append_frames(clips, file, i);
    if (file.has_actions()) append_drive(clips, file, i);
    if (options.on_progress) options.on_progress(i + 1, clips.episodes);
  }
  return clips;
}

VideoTask load_video_task(const std::filesystem::path& path, const ClipOptions& options) {
  return load_video_task(DatasetFile(path), options);
}

void check_train_split(const VideoTask& clips) {
  if (!clips.train.empty()) return;
  throw DataError(fmt::format("'{}' has no train split to learn from", clips.source));
}

learn::Clips clip_batch(const VideoTask& clips, std::span<const std::int64_t> episodes,
                        std::int64_t times) {
  for (const std::int64_t i : episodes) {
    if (i >= 0 && i < clips.episodes) continue;
    throw base::UsageError(
        fmt::format("'{}': episode {} of {} was asked for", clips.source, i, clips.episodes));
  }
  if (times < 2 || times > clips.frames) {
    throw base::UsageError(fmt::format("'{}': {} frames of clips of {} were asked for",
                                       clips.source, times, clips.frames));
  }
  learn::Clips batch{.frames = {}, .actions = action_batch(clips, episodes, times)};
  for (std::int64_t t = 0; t < times; ++t) batch.frames.push_back(frame_batch(clips, episodes, t));
  return batch;
}

}  // namespace noether::bench
