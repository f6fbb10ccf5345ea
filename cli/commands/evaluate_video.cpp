#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "bench/video/video_file.h"
#include "bench/video/video_report.h"
#include "cli/commands/evaluate.h"
#include "cli/warning.h"
#include "dataset/make/setting.h"
#include "learn/noether/joint_weights.h"

namespace noether::cli {
namespace {

constexpr const char* chosen = "auto";  // of inner_target

std::vector<dataset::SettingSpec> settings_of(const bench::Checkpoint& checkpoint) {
  const std::int64_t history = video_model(checkpoint).options().history;
  std::vector<dataset::SettingSpec> settings{
      dataset::integer_setting("horizon", checkpoint.video->frames - history, 1, 1e6,
                               "frames to predict"),
      dataset::text_setting("conserve", "", "work: energy minus work"),
      dataset::integer_setting("inner_steps", bench::FilmTailoring{}.steps, 1, 1000,
                               "how many steps")};
  for (auto& setting : settings_of_video_tailoring()) settings.push_back(std::move(setting));
  return settings;
}

// Its energy minus work.
learn::Params work_of(const bench::Checkpoint& checkpoint, const std::string& path) {
  learn::Params phi = learn::split(checkpoint.state.params).phi;
  if (phi.size() > 0) return phi;
  throw base::UsageError(
      fmt::format("'{}' has learned no energy minus work: --work-from names a "
                  "model of `train --conserve work`",
                  path));
}

learn::Params work_for(const bench::Checkpoint& checkpoint, const EvaluateArguments& arguments) {
  if (arguments.work_from.empty()) return work_of(checkpoint, arguments.model);
  const auto other = bench::load_checkpoint(arguments.work_from);
  const auto sees = [](const bench::Checkpoint& model) {
    const auto& [crop, average, channels] = model.video->view;
    const auto& options = video_model(model).options();
    return std::tuple(crop, average, channels, options.size, options.actions);
  };
  if (!other.video || sees(other) != sees(checkpoint)) {
    throw base::UsageError(
        fmt::format("'{}' does not see what '{}' sees: --work-from needs one "
                    "view of the frames",
                    arguments.work_from, arguments.model));
  }
  return work_of(other, arguments.work_from);
}

double target_of(const std::string& text) {
  const double target = base::parse_double(text, "inner_target");
  if (std::isfinite(target) && target >= 0) return target;
  throw base::UsageError(fmt::format("inner_target = {}: must be finite and at least 0", text));
}

// As it was trained, or as the settings say.
std::optional<bench::FilmTailoring> tailoring_of(const bench::Checkpoint& checkpoint,
                                                 const EvaluateArguments& arguments,
                                                 const dataset::Config& config) {
  const std::string& conserve = config.text("conserve");
  if (conserve.empty()) {
    for (const char* key : {"inner_share", "inner_steps", "inner_target"}) {
      if (!config.is_default(key))
        throw base::UsageError(fmt::format("{} needs --conserve work", key));
    }
    if (!arguments.work_from.empty()) throw base::UsageError("--work-from needs --conserve work");
    return own_tailoring(checkpoint);
  }
  if (conserve != "work") {
    throw base::UsageError(fmt::format(
        "--conserve '{}': a video predictor conserves 'work', its energy minus work", conserve));
  }
  bench::FilmTailoring tailoring{.phi = work_for(checkpoint, arguments),
                                 .share = config.number("inner_share"),
                                 .steps = config.integer("inner_steps")};
  if (const std::string& target = config.text("inner_target"); target != chosen)
    tailoring.target = target_of(target);
  return tailoring;
}

}  // namespace

std::vector<dataset::SettingSpec> settings_of_video_tailoring() {
  return {dataset::number_setting("inner_share", bench::FilmTailoring{}.share, 1e-300, 1, "1",
                                  "of a Polyak step on what is conserved"),
          dataset::text_setting("inner_target", chosen,
                                "the inner loss that a step leaves alone; auto: of train clips")};
}

void evaluate_video(const EvaluateArguments& arguments, const dataset::Overrides& overrides,
                    const bench::Checkpoint& checkpoint) {
  if (!arguments.setting.empty())
    throw base::UsageError("--setting belongs to models of states, not to a video predictor");
  const dataset::Config config("evaluate", settings_of(checkpoint), overrides);
  auto tailoring = tailoring_of(checkpoint, arguments, config);
  if (!arguments.folder.empty()) bench::check_report(arguments.folder, arguments.overwrite);
  std::optional<bench::LpipsWeights> lpips;
  if (!arguments.lpips.empty()) lpips = bench::read_lpips_weights(arguments.lpips);

  const std::int64_t history = video_model(checkpoint).options().history;
  const auto clips = bench::load_video_task(
      arguments.data,
      {.frames = history + config.integer("horizon"), .view = checkpoint.video->view});
  check_fits(checkpoint, arguments.model, clips);
  warn_if_any(other_system(checkpoint, arguments.model, clips.system, arguments.data));
  if (!config.text("conserve").empty() && config.text("inner_target") == chosen)
    tailoring->target = usual_target(checkpoint, clips, *tailoring);
  const bench::VideoReport report{
      checkpoint, clips,
      evaluate_film(film_rows(checkpoint, clips, tailoring), clips, history, lpips, arguments.jobs),
      tailoring ? describe(*tailoring) : "", lpips ? lpips->sha256 : ""};
  if (!arguments.folder.empty()) write_report(report, arguments.folder, arguments.overwrite);
  fmt::print("{}\n", arguments.json ? to_json(report) : to_text(report));
}

}  // namespace noether::cli
