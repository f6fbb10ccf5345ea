#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>

#include "base/progress.h"
#include "bench/video/video_evaluation.h"
#include "bench/video/video_file.h"
#include "bench/video/video_settings.h"
#include "cli/commands/train.h"
#include "cli/warning.h"

namespace noether::cli {
namespace {

bench::VideoTask read_clips(const dataset::DatasetFile& file, const bench::VideoSetup& setup) {
  std::optional<base::Progress> bar;
  return bench::load_video_task(file, {.frames = setup.frames,
                                       .view = setup.view,
                                       .on_progress = [&](std::int64_t done, std::int64_t total) {
                                         if (!bar) bar.emplace("reading episodes", total);
                                         bar->update(done);
                                       }});
}

// The error on some valid episodes, and that of the mean image, the yardstick.
class Validation {
 public:
  Validation(const bench::Checkpoint& start, const bench::VideoTask& clips, int jobs)
      : loss_(loss_of(start)),
        clips_(clips),
        episodes_(std::span(clips.valid).first(std::min<std::size_t>(100, clips.valid.size()))),
        jobs_(jobs) {
    if (episodes_.empty() || clips.train.empty()) return;
    const std::int64_t history = video_model(start).options().history;
    still_ = mean_loss(bench::still_loss(mean_frame(clips), history), {}, clips, episodes_, jobs);
  }

  bool is_possible() const { return !episodes_.empty(); }
  // "2.3e-03, 0.12 of the mean image's"
  std::string text(const learn::Params& joint) const {
    const double error = mean_loss(loss_, joint, clips_, episodes_, jobs_);
    return fmt::format("{:.3e}, {:.3g} of the mean image's", error, error / still_);
  }

 private:
  learn::ClipLoss loss_;
  const bench::VideoTask& clips_;
  std::span<const std::int64_t> episodes_;
  int jobs_;
  double still_ = 0;
};

// About ten times, the error on valid episodes is a line of its own.
bench::Checkpoint train_with_progress(const bench::Checkpoint& start, const dataset::Config& config,
                                      const bench::VideoTask& clips, const Validation& validation,
                                      const TrainArguments& arguments) {
  const std::int64_t steps = start.training.steps, between = std::max<std::int64_t>(steps / 10, 1);
  base::Progress bar("training", steps);
  const auto on_step = [&](const learn::TrainingState& state) {
    bar.update(state.step, fmt::format("loss {:.3e}", state.loss));
    if (state.step % between != 0 || !validation.is_possible()) return;
    bar.note(fmt::format("step {} of {}: loss {:.3e}, validation MSE {}", state.step, steps,
                         state.loss, validation.text(state.params)));
  };
  const auto on_pretraining = [&] { bar.update(0, "learning energy minus work"); };
  return or_how_to_resume(arguments.output.path, [&] {
    return bench::run_video_training(start, config, clips, arguments.output.path,
                                     {.overwrite = arguments.output.overwrite,
                                      .resume = arguments.output.resume,
                                      .jobs = arguments.output.jobs,
                                      .checkpoint_every = arguments.checkpoint_every,
                                      .on_step = on_step,
                                      .on_pretraining = on_pretraining});
  });
}

}  // namespace

void train_video(const TrainArguments& arguments, const dataset::Overrides& overrides,
                 const dataset::DatasetFile& file) {
  std::optional<bench::Checkpoint> other;
  if (!arguments.from.empty()) other = bench::load_checkpoint(arguments.from);
  const auto config = other ? bench::video_config_from(*other, arguments.from, overrides)
                            : bench::video_config(overrides);
  const auto clips = read_clips(file, bench::video_setup_of(config));
  check_train_split(clips);
  if (other) warn_if_any(other_system(*other, arguments.from, clips.system, arguments.data));
  const auto start =
      other ? video_start_from(*other, arguments.from, config, clips) : video_start(config, clips);

  const auto begin = std::chrono::steady_clock::now();
  const Validation validation(start, clips, arguments.output.jobs);
  const auto made = train_with_progress(start, config, clips, validation, arguments);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (validation.is_possible())
    fmt::print("MSE, validation  {}\n", validation.text(made.state.params));
  fmt::print("{}: written, {}, {} steps, {:.1f} s\n", arguments.output.path, made.model->text(),
             made.state.step, seconds);
}

}  // namespace noether::cli
