#include <fmt/format.h>

#include <optional>

#include "base/error.h"
#include "bench/video/video_report.h"
#include "bench/video/video_run.h"
#include "cli/evaluate.h"
#include "cli/warning.h"
#include "dataset/make/setting.h"

namespace noether::cli {

void evaluate_video(const EvaluateArguments& arguments, const dataset::Overrides& overrides,
                    const bench::Checkpoint& checkpoint) {
  if (!arguments.setting.empty())
    throw base::UsageError("--setting belongs to models of states, not to a video predictor");
  const bench::VideoSetup& setup = checkpoint.video.value();
  const std::int64_t history = video_model(checkpoint).options().history;
  const dataset::Config config(
      "evaluate",
      {dataset::integer_setting("horizon", setup.frames - history, 1, 1e6, "frames to predict")},
      overrides);
  if (!arguments.folder.empty()) bench::check_report(arguments.folder, arguments.overwrite);
  std::optional<bench::LpipsWeights> lpips;
  if (!arguments.lpips.empty()) lpips = bench::read_lpips_weights(arguments.lpips);

  const auto clips = bench::load_video_task(
      arguments.data, {.frames = history + config.integer("horizon"), .view = setup.view});
  check_fits(checkpoint, arguments.model, clips);
  warn_if_any(other_system(checkpoint, arguments.model, clips.system, arguments.data));
  const bench::VideoReport report{
      checkpoint, clips,
      evaluate_film(film_rows(checkpoint, clips), clips, history, lpips, arguments.jobs),
      lpips ? lpips->sha256 : ""};
  if (!arguments.folder.empty()) write_report(report, arguments.folder, arguments.overwrite);
  fmt::print("{}\n", arguments.json ? to_json(report) : to_text(report));
}

}  // namespace noether::cli
