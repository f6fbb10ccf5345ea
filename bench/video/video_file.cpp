#include "bench/video/video_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/parallel.h"
#include "base/workers.h"
#include "bench/video/video_problem.h"
#include "bench/video/video_settings.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/joint_weights.h"

namespace noether::bench {
namespace {

// All but the weights. `from_sha256` is "" for a new model.
Checkpoint start_of(const learn::VideoPredictor& model, const std::string& from_sha256,
                    const dataset::Config& config, const VideoTask& clips) {
  Checkpoint start{.model = std::make_shared<learn::VideoPredictor>(model),
                   .system = clips.system,
                   .data_sha256 = clips.content_sha256,
                   .seed = config.seed(),
                   .video = video_setup_of(config),
                   .batch = config.integer("batch"),
                   .training = video_training_of(config)};
  // by content, never by the names of files
  start.config_toml = fmt::format("data_sha256 = \"{}\"\nfrom_sha256 = \"{}\"\n{}",
                                  start.data_sha256, from_sha256, config.settings_toml());
  start.command_line =
      fmt::format("noether train DATA.h5{}{} # data {}", config.set_flags({}),
                  from_sha256.empty() ? "" : " --from MODEL.h5", start.data_sha256);
  return start;
}

// g learns before the model goes on; a checkpoint has it already.
void add_work(Checkpoint& checkpoint, const dataset::Config& config, const VideoTask& clips,
              const TrainingRunOptions& options) {
  const learn::Params& theta = checkpoint.state.params;
  if (!checkpoint.video->tailoring || learn::split(theta).phi.size() > 0) return;
  if (clips.valid.empty()) {
    throw base::DataError(fmt::format(
        "'{}' has no valid split, on which its energy minus work could be judged", clips.source));
  }
  if (options.on_pretraining) options.on_pretraining();
  learn::WorkPretraining pretraining{.steps = config.integer("work_steps")};
  pretraining.warmup_steps = std::min(pretraining.warmup_steps, pretraining.steps);
  const learn::PretrainedWork learned = learn::pretrained_work(
      work_quantity_of(checkpoint), pretraining, checkpoint.seed, source_of(clips, clips.train),
      std::ssize(clips.train), clip_batch(clips, clips.valid, clips.frames));
  checkpoint.state = learn::initial_training_state(learn::join(theta, learned.phi));
}

bool goes_on(const Checkpoint& checkpoint) {
  return !dataset::parse_toml(checkpoint.config_toml, "the configuration")
              .overrides.at("from_sha256")
              .empty();
}

}  // namespace

Checkpoint video_start(const dataset::Config& config, const VideoTask& clips) {
  if (clips.height != clips.width) {
    throw base::DataError(
        fmt::format("'{}': a video predictor takes square frames, and it would see {} x {} px",
                    clips.source, clips.height, clips.width));
  }
  const auto options = video_options_of(config, clips.height, clips.action_size);
  Checkpoint start = [&] {
    try {
      return start_of(learn::VideoPredictor(options), "", config, clips);
    } catch (const base::UsageError& error) {
      throw base::DataError(fmt::format("'{}': {}", clips.source, error.what()));
    }
  }();
  start.state = learn::initial_training_state(start.model->init(start.seed, learn::DType::f32));
  return start;
}

Checkpoint video_start_from(const Checkpoint& other, const std::filesystem::path& path,
                            const dataset::Config& config, const VideoTask& clips) {
  check_fits(other, path, clips);
  Checkpoint start = start_of(video_model(other), other.content_sha256, config, clips);
  start.state = learn::initial_training_state(learn::split(other.state.params).theta);
  return start;
}

void check_fits(const Checkpoint& checkpoint, const std::filesystem::path& path,
                const VideoTask& clips) {
  const learn::VideoOptions& model = video_model(checkpoint).options();
  if (clips.height != model.size || clips.width != model.size) {
    throw base::DataError(fmt::format(
        "'{}' predicts frames of {} x {} px, but of '{}' it would see {} x {} px", path.string(),
        model.size, model.size, clips.source, clips.height, clips.width));
  }
  if (clips.action_size == model.actions) return;
  throw base::DataError(fmt::format("'{}' takes actions of {} values, but '{}' has actions of {}",
                                    path.string(), model.actions, clips.source, clips.action_size));
}

Checkpoint run_video_training(const Checkpoint& start, const dataset::Config& config,
                              const VideoTask& clips, const std::filesystem::path& path,
                              const TrainingRunOptions& options) {
  check_train_split(clips);
  return train_into_file(start, clips.source, path, options, [&](Checkpoint& checkpoint) {
    add_work(checkpoint, config, clips, options);
    const auto objective =
        learn::clip_objective(loss_of(checkpoint), source_of(clips, clips.train),
                              {.sequences = std::ssize(clips.train),
                               .batch = checkpoint.batch,
                               .history = video_model(checkpoint).options().history,
                               .curriculum = curriculum_of(config),
                               .jobs = options.jobs});
    // minibatches other than those of the model that it goes on from
    const std::uint64_t later = goes_on(checkpoint) ? std::uint64_t{1} << 32 : 0;
    return TrainingWork{objective, checkpoint.seed + later, {learn::frozen_phi_group()}};
  });
}

learn::VideoTailoring tailoring_of(const Checkpoint& checkpoint) {
  const WorkTailoring& tailoring = checkpoint.video.value().tailoring.value();
  const learn::WorkQuantity g = work_quantity_of(checkpoint);
  return {
      .quantity = [g](const learn::Params& phi,
                      const learn::Clips& clips) { return g(learn::stop_gradient(phi), clips); },
      .step = {.rule = learn::StepRule::polyak,
               .steps = static_cast<int>(tailoring.steps),
               .share = tailoring.share,
               .by_query = true}};
}

learn::ClipLoss loss_of(const Checkpoint& checkpoint) {
  const learn::VideoPredictor& model = video_model(checkpoint);
  if (!checkpoint.video->tailoring) return learn::prediction_loss(model);
  return learn::tailored_prediction_loss(model, tailoring_of(checkpoint));
}

learn::ClipLoss still_loss(const learn::Tensor& frame, std::int64_t history) {
  return [frame, history](const learn::Params&, const learn::Clips& clips) {
    learn::Tensor total;
    for (std::size_t t = static_cast<std::size_t>(history); t < clips.frames.size(); ++t) {
      const learn::Tensor off = clips.frames[t] - broadcast_to(frame, clips.frames[t].shape());
      total = accumulate(std::move(total), sum(square(off)));
    }
    const auto values = frame.size() * (std::ssize(clips.frames) - history);
    return scale(total, 1 / static_cast<double>(values));
  };
}

double mean_loss(const learn::ClipLoss& loss, const learn::Params& joint, const VideoTask& clips,
                 std::span<const std::int64_t> episodes, int jobs) {
  constexpr std::size_t at_a_time = 10;
  std::vector<double> sums((episodes.size() + at_a_time - 1) / at_a_time);
  base::Workers workers(std::min(base::thread_count(jobs), static_cast<int>(sums.size())));
  workers.run(std::ssize(sums), [&](std::int64_t i) {
    const std::size_t first = static_cast<std::size_t>(i) * at_a_time;
    const auto some = episodes.subspan(first, std::min(at_a_time, episodes.size() - first));
    sums[static_cast<std::size_t>(i)] = loss(joint, clip_batch(clips, some, clips.frames)).item();
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(episodes.size());
}

}  // namespace noether::bench
