#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/output_file.h"
#include "base/progress.h"
#include "bench/model/evaluation.h"
#include "bench/model/tailored_rows.h"
#include "bench/model/training_run.h"
#include "bench/model/training_settings.h"
#include "bench/model/training_start.h"
#include "bench/video/video_settings.h"
#include "cli/commands.h"
#include "cli/commands/train.h"
#include "cli/options.h"
#include "cli/setting_flags.h"
#include "cli/warning.h"
#include "dataset/make/setting.h"
#include "dataset/recording/trials.h"
#include "dataset/store/schema.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether train pendulum.h5 -o vanilla.h5\n"
    "  noether train pendulum.h5 -o hnn.h5 --model hnn --seed 3\n"
    "  noether train measured.h5 -o node.h5 --model node\n"
    "  noether train pendulum.h5 -o meta.h5 --from vanilla.h5 --steps 200 --schedule linear \\\n"
    "      --conserve energy\n"
    "  noether train pixel-pendulum.h5 -o video.h5 --preset small\n"
    "  noether train points.csv -o flow.h5 --model cnf\n"
    "\n"
    "Trains a model of dx/dt on the train split of a trajectory dataset, all points at a step. "
    "It learns from\n"
    "the observations, noise included, and the noise-free derivatives. A killed run continues "
    "with --resume\n"
    "to the same bits. --model node learns without derivatives: it predicts short segments of the "
    "trajectories.\n"
    "It has defaults of its own: 1500 steps of 50 segments, a rate of 0.003 that falls linearly, "
    "clip-norm 0.01,\n"
    "no weight decay. With --conserve the model is meta-tailored: it is trained as it will be "
    "used, with\n"
    "an inner step at every point that makes the quantity change less. --conserve network learns "
    "the quantity too, beforehand.\n"
    "Each setting is a flag, a --set key=value, or a line of a TOML file, such as "
    "/provenance/config of a\n"
    "model; a flag is stronger than --set, and --set than the file.\n"
    "On episodes, a video predictor is trained, with settings and defaults of its own: `noether "
    "list "
    "video`.\n"
    "There --conserve work, with --from, conserves its energy minus work.\n"
    "--model cnf learns the density of points: of a table of text, or of the observations of "
    "trajectories;\n"
    "its settings: `noether list cnf`.";

using Arguments = TrainArguments;

// Those of models of states, and the one that decides all others of a video predictor: these are
// too many for the help, and go by --set.
std::vector<dataset::SettingSpec> flag_settings() {
  auto settings = bench::settings_of_training();
  for (dataset::SettingSpec& setting : settings) {
    if (setting.key == "model") setting.choices = dataset::names_of(learn::all_models());
  }
  for (dataset::SettingSpec& setting : bench::settings_of_video()) {
    if (setting.key != "preset") continue;
    setting.description = "of a video predictor, decides its other settings";
    settings.push_back(std::move(setting));
  }
  return settings;
}

// Of --model, or of the model that training starts from.
bool is_of_density(const Arguments& arguments, const dataset::Overrides& overrides) {
  const auto asked = overrides.find("model");
  if (asked == overrides.end() && arguments.from.empty()) return false;
  const auto& kind = learn::find_model(asked != overrides.end()
                                           ? asked->second
                                           : bench::load_checkpoint(arguments.from).model->kind());
  return kind.predicts == learn::Predicts::densities;
}

// What the file holds decides what is trained on it.
learn::Predicts predicted_of(const dataset::DatasetFile& file, const std::string& source,
                             const dataset::Overrides& overrides) {
  const bool is_filmed = file.schema() == dataset::episodes_schema;
  const auto predicted = is_filmed ? learn::Predicts::frames : learn::Predicts::states;
  const auto asked = overrides.find("model");
  if (asked != overrides.end() && learn::find_model(asked->second).predicts != predicted) {
    const bool has_states = is_filmed && !file.has_actions();
    throw base::UsageError(
        fmt::format("'{}' holds {}, and --model {} learns from {}{}", source,
                    is_filmed ? "episodes" : "trajectories", asked->second,
                    is_filmed ? "trajectories" : "episodes",
                    has_states ? ": the command that made it makes them without frames" : ""));
  }
  return predicted;
}

// Where the training begins: new weights, or those of --from.
bench::Checkpoint start_of(const Arguments& arguments, const std::optional<bench::Checkpoint>& from,
                           const dataset::Config& config, const bench::Task& task) {
  if (!from) return training_start(config, task);
  check_fits(*from, arguments.from, task.coordinates, arguments.data);
  warn_if_any(other_system(*from, arguments.from, task.system, arguments.data));
  return training_start_from(*from, arguments.from, config, task);
}

bench::Checkpoint train_with_progress(const bench::Checkpoint& start, const bench::Task& task,
                                      const Arguments& arguments, const dataset::Config& config) {
  base::Progress bar("training", start.training.steps);
  const auto on_step = [&](const learn::TrainingState& state) {
    bar.update(state.step, fmt::format("loss {:.3e}", state.loss));
  };
  const auto on_pretraining = [&] { bar.update(0, "pretraining the network to conserve"); };
  return or_how_to_resume(arguments.output.path, [&] {
    return bench::run_training(start, task, arguments.output.path,
                               {.overwrite = arguments.output.overwrite,
                                .resume = arguments.output.resume,
                                .joint_quantity = config.is_on("joint_quantity"),
                                .segment = config.integer("segment"),
                                .jobs = arguments.output.jobs,
                                .checkpoint_every = arguments.checkpoint_every,
                                .on_step = on_step,
                                .on_pretraining = on_pretraining},
                               units_of(config, task));
  });
}

void warn_if_clean(const bench::Task& task) {
  if (task.noise_std > 0 || task.derivatives == dataset::by_smoothing) return;
  warn(fmt::format(
      "--denoise: '{}' says that its observations have no noise, so there is nothing to "
      "denoise",
      task.source));
}

// The share is that of all coordinates alike, whatever their units.
void print_errors(const bench::Checkpoint& made, const bench::Task& task,
                  std::string_view learned_from) {
  const auto print = [&](std::string_view split, const learn::Tensor& x, const learn::Tensor& dx_dt,
                         std::string_view from) {
    const auto field = trained_field(made);
    fmt::print("one-step MSE, {:<6} {:.4e}  (on {}; {:.2g} of the variance of dx/dt)\n", split,
               bench::step_mse(field, made.state.params, x, dx_dt), from,
               bench::unexplained(field, made.state.params, x, dx_dt));
  };
  print("train", task.x, task.dx_dt, learned_from);
  if (task.test_x.defined()) print("test", task.test_x, task.test_dx_dt, "states");
}

void train_states(const Arguments& arguments, const dataset::Overrides& overrides,
                  const dataset::DatasetFile& file) {
  std::optional<bench::Checkpoint> from;
  if (!arguments.from.empty()) from = bench::load_checkpoint(arguments.from);
  const auto config = from ? training_config_from(*from, arguments.from, overrides)
                           : bench::training_config(overrides);
  const bool noise_free = config.is_on("noise_free"), denoise = config.is_on("denoise");
  const auto task = bench::load_task(
      file, {.noise_free = noise_free, .denoise = denoise, .dtype = bench::dtype_of(config)});
  if (denoise) warn_if_clean(task);
  check_train_split(task);
  const auto begin = std::chrono::steady_clock::now();
  const auto made =
      train_with_progress(start_of(arguments, from, config, task), task, arguments, config);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  print_errors(made, task,
               noise_free ? "states"
               : denoise  ? "denoised observations"
                          : "observations");
  fmt::print("{}: written, {}, {} steps, {:.1f} s\n", arguments.output.path, made.model->text(),
             made.state.step, seconds);
  // losses of two batches do not compare
  if (made.batch == 0 && made.state.loss > made.state.first_loss) {
    warn(fmt::format("the loss grew from {:.3g} to {:.3g}: try a smaller learning rate",
                     made.state.first_loss, made.state.loss));
  }
}

void run(const Arguments& arguments) {
  const auto overrides = overrides_of(arguments.settings, flag_settings());
  if (!arguments.from.empty()) base::check_output_file(arguments.output.path, true, arguments.from);
  if (is_of_density(arguments, overrides)) return train_flow(arguments, overrides);
  const dataset::DatasetFile file(arguments.data);
  const bool is_video = predicted_of(file, arguments.data, overrides) == learn::Predicts::frames;
  (is_video ? train_video : train_states)(arguments, overrides, file);
}

}  // namespace

bench::Checkpoint or_how_to_resume(const std::filesystem::path& output,
                                   const std::function<bench::Checkpoint()>& train) {
  try {
    return train();
  } catch (const base::Interrupted&) {
    const auto partial = bench::partial_model(output);
    if (!std::filesystem::exists(partial)) throw;
    throw base::Interrupted(fmt::format(
        "interrupted; the same command with --resume continues '{}'", partial.string()));
  }
}

void add_train(const Command& program) {
  const Command command = program.add_command("train", description);
  auto arguments = std::make_shared<Arguments>();
  Arguments& a = *arguments;
  command
      .add_option("DATA", a.data,
                  "dataset of trajectories or episodes; of a flow also a table of points")
      .required();
  command.add_option("-o,--output", a.output.path, "model file to write").required();
  add_setting_flags(command, flag_settings(), a.settings);
  command
      .add_option("--checkpoint-every", a.checkpoint_every,
                  "steps between checkpoints, or two minutes")
      .check(positive_number("--checkpoint-every"))
      .show_default();
  add_jobs(command, a.output.jobs, "never changes the model");
  command.add_option("--from", a.from, "start from the weights of this model");
  command.add_flag("--overwrite", a.output.overwrite, "replace the file if it exists");
  command.add_flag("--resume", a.output.resume,
                   "continue what an interrupted run left in FILE.partial");
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
