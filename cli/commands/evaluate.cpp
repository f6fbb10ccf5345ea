#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text_file.h"
#include "bench/model/checkpoint.h"
#include "bench/model/evaluation.h"
#include "bench/model/evaluation_report.h"
#include "bench/model/tailored_rows.h"
#include "bench/model/training_settings.h"
#include "bench/outside/outside_task.h"
#include "bench/outside/predictions.h"
#include "cli/commands.h"
#include "cli/commands/evaluate.h"
#include "cli/options.h"
#include "cli/setting_flags.h"
#include "cli/warning.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether evaluate vanilla.h5 pendulum.h5\n"
    "  noether evaluate vanilla.h5 pendulum.h5 --horizon 3,10 -o evaluation\n"
    "  noether evaluate vanilla.h5 pendulum.h5 --conserve \"p^2 - 3 cos(q)\"\n"
    "  noether evaluate video.h5 pixel-pendulum.h5 -o film\n"
    "  noether evaluate flow.h5 points.csv -o density\n"
    "  noether evaluate --predictions predictions.h5 pendulum.h5\n"
    "\n"
    "Predicts the test split of a dataset with a trained model: one-step error, then "
    "Runge-Kutta from the\n"
    "noise-free test starts at the time step of the data. Truth beyond the file is integrated.\n"
    "With --conserve the same weights predict twice: as they are, and tailored at every point so "
    "that the quantity\n"
    "does not change. A meta-tailored model is tailored as it was trained.\n"
    "A video predictor predicts the test episodes, and --horizon counts frames: MSE, PSNR and "
    "SSIM,\n"
    "beside those of the last frame that was seen and of the mean image.\n"
    "With --conserve work it is tailored to conserve its energy minus work, or that of "
    "--work-from.\n"
    "A flow says how likely the points are: the mean -log p, beside that of a normal density.\n"
    "-o writes evaluation.json, records.csv and evaluation.png, and film.webp of a video "
    "predictor;\n"
    "of a flow density.csv, with log p of each point, in place of records.csv.";

using Arguments = EvaluateArguments;

std::vector<dataset::SettingSpec> all_settings() {
  constexpr double most = 1e300;  // any that is finite; the data say how far they reach
  std::vector<dataset::SettingSpec> settings{
      {"horizon", dataset::Numbers{}, 0, most, "",
       "how far to predict, in units of time (as far as the test trajectories, and 10/3 as far "
       "where the system is known); of a video predictor, in frames"}};
  for (auto& setting : bench::settings_of_tailoring()) settings.push_back(std::move(setting));
  return settings;
}

// A tailored prediction that is a million times worse than the plain one has diverged as well.
void check_finite(const std::vector<bench::EvaluatedRow>& rows, const std::string& model) {
  constexpr double most_growth = 1e6;
  const auto& plain = rows.front().evaluation.rmse_curve;
  for (const auto& [name, evaluation] : rows) {
    for (std::size_t n = 0; n < evaluation.rmse_curve.size(); ++n) {
      const double error = evaluation.rmse_curve[n];
      if (std::isfinite(error) && error <= most_growth * std::max(1.0, plain[n])) continue;
      const bool tailored = &name != &rows.front().name;
      throw base::NumericalError(fmt::format(
          "'{}', {}: the prediction {} from time {:g} on{}", model, name,
          std::isfinite(error) ? "diverges" : "is not finite", evaluation.time[n],
          tailored ? "; a smaller --inner-rate or --inner-step gauss-newton may help" : ""));
    }
  }
}

learn::Setting setting_of(const Arguments& arguments, bool conserves,
                          const bench::Checkpoint& checkpoint) {
  if (!arguments.setting.empty()) return learn::setting_of(arguments.setting);
  if (conserves) return learn::Setting::tailoring;
  return checkpoint.tailoring ? learn::Setting::meta_tailoring : learn::Setting::inductive;
}

void check_setting(const Arguments& arguments, bool conserves) {
  if (arguments.setting.empty()) return;
  if (learn::setting_of(arguments.setting) == learn::Setting::inductive && conserves)
    throw base::UsageError("--setting inductive tailors nothing: leave out --conserve");
}

// What each row but the first conserves.
std::optional<bench::Tailoring> shown(const std::optional<bench::Tailoring>& asked,
                                      const bench::Checkpoint& checkpoint, learn::Setting setting) {
  if (setting == learn::Setting::inductive) return std::nullopt;
  return asked ? asked : checkpoint.tailoring;
}

bench::Task load_test(const std::string& path, const dataset::Config& config) {
  const dataset::DatasetFile file(path);
  auto horizons = config.numbers("horizon");
  if (horizons.empty()) horizons = bench::default_horizons(file);
  return bench::load_task(file, {.horizons = horizons, .dtype = learn::DType::f64});
}

void evaluate_states(const Arguments& arguments, const dataset::Overrides& overrides,
                     const bench::Checkpoint& checkpoint) {
  if (!arguments.lpips.empty() || !arguments.work_from.empty()) {
    throw base::UsageError(
        "--lpips and --work-from belong to video predictors, not to models of states");
  }
  const dataset::Config config("evaluate", all_settings(), overrides);
  const bool conserves = !config.text("conserve").empty();
  bench::check_tailoring(config);
  check_setting(arguments, conserves);
  auto task = load_test(arguments.data, config);
  check_fits(checkpoint, arguments.model, task.coordinates, arguments.data);
  warn_if_any(other_system(checkpoint, arguments.model, task.system, arguments.data));

  const auto tailoring = bench::tailoring_of(config, task, task.test_x);
  const learn::Setting setting = setting_of(arguments, conserves, checkpoint);
  const auto candidates = base::with_context(fmt::format("'{}'", arguments.model), [&] {
    return bench::candidates(checkpoint, tailoring, setting, task);
  });
  const auto conserved = shown(tailoring, checkpoint, setting);
  if (!task.followed.values && conserved && !conserved->by_network())
    task.followed = bench::followed_formula(conserved->formula, task.coordinates);
  std::vector<bench::EvaluatedRow> rows;
  for (const auto& [name, field, params] : candidates)
    rows.push_back({name, bench::evaluate_field(field, params, task)});
  check_finite(rows, arguments.model);
  const bench::Report report{&checkpoint, task, rows, setting, conserved};
  if (!arguments.folder.empty()) write_report(report, arguments.folder, arguments.overwrite);
  fmt::print("{}\n", arguments.json ? to_json(report) : to_text(report));
}

// Of a model elsewhere (bench/outside/). `data` is where the model would be named.
void evaluate_outside(const Arguments& arguments, const dataset::Overrides& overrides) {
  if (!arguments.data.empty())
    throw base::UsageError("--predictions stands for the model: leave out MODEL");
  for (const auto& [key, value] : overrides) {
    if (key != all_settings().front().key)
      throw base::UsageError(
          fmt::format("{} asks for a model of this program: it does not go with --predictions",
                      dataset::flag_of(key)));
  }
  const dataset::Config config("evaluate", {all_settings().front()}, overrides);
  const auto task = load_test(arguments.model, config);
  const std::vector<bench::EvaluatedRow> rows{
      {"predictions",
       bench::evaluate_predictions(
           bench::read_predictions(arguments.predictions, task, fingerprint(task)), task)}};
  const bench::Report report{
      .checkpoint = nullptr,
      .task = task,
      .rows = rows,
      .predictions_sha256 = base::sha256_hex(base::read_text(arguments.predictions))};
  if (!arguments.folder.empty()) write_report(report, arguments.folder, arguments.overwrite);
  fmt::print("{}\n", arguments.json ? to_json(report) : to_text(report));
}

void run(const Arguments& arguments) {
  const auto overrides = overrides_of(arguments.settings, all_settings());
  // what no model has is refused before this one is read
  auto known = all_settings();
  for (auto& setting : settings_of_video_tailoring()) known.push_back(std::move(setting));
  static_cast<void>(dataset::Config("evaluate", known, overrides));
  // without a model, DATA stands where it would be named
  if (arguments.predictions.empty() ? arguments.data.empty() : arguments.model.empty())
    throw base::UsageError("evaluate takes MODEL and DATA, or --predictions FILE and DATA");
  if (!arguments.predictions.empty()) return evaluate_outside(arguments, overrides);
  const auto checkpoint = bench::load_checkpoint(arguments.model);
  switch (learn::find_model(checkpoint.model->kind()).predicts) {
    case learn::Predicts::states:
      return evaluate_states(arguments, overrides, checkpoint);
    case learn::Predicts::frames:
      return evaluate_video(arguments, overrides, checkpoint);
    case learn::Predicts::densities:
      return evaluate_flow(arguments, overrides, checkpoint);
  }
}

}  // namespace

void add_evaluate(const Command& program) {
  const Command command = program.add_command("evaluate", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("MODEL", arguments->model, "model file of `noether train`");
  command.add_option("DATA", arguments->data,
                     "dataset of trajectories or episodes; of a flow also a table of points");
  add_setting_flags(command, all_settings(), arguments->settings);
  command.add_option("--setting", arguments->setting,
                     "inductive, transductive, tailoring (default with --conserve) or "
                     "meta-tailoring (default of such models)");
  command.add_option("--predictions", arguments->predictions,
                     "in place of MODEL: what a model of your own predicts (noether task)");
  command.add_option("--lpips", arguments->lpips,
                     "of a video predictor: also LPIPS, with these weights");
  command.add_option("--work-from", arguments->work_from,
                     "of a video predictor: with --conserve work, that of this model");
  add_jobs(command, arguments->jobs, "for a video predictor; never changes a number");
  command.add_option("-o,--output", arguments->folder, "folder to write");
  command.add_flag("--overwrite", arguments->overwrite, "replace the folder if it exists");
  add_json(command, arguments->json);
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
