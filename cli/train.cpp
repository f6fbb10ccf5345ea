#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/output_file.h"
#include "base/progress.h"
#include "base/text.h"
#include "bench/model/evaluation.h"
#include "bench/model/tailored_rows.h"
#include "bench/model/training_run.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/tailoring_options.h"
#include "cli/training_options.h"
#include "cli/warning.h"
#include "learn/models/model.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether train pendulum.h5 -o vanilla.h5\n"
    "  noether train pendulum.h5 -o hnn.h5 --model hnn --seed 3\n"
    "  noether train pendulum.h5 -o meta.h5 --from vanilla.h5 --steps 200 --schedule linear \\\n"
    "      --conserve energy\n"
    "\n"
    "Trains a model of dx/dt on the train split of a trajectory dataset, all points at a step. "
    "It learns from\n"
    "the observations, noise included, and the noise-free derivatives. A killed run continues "
    "with --resume\n"
    "to the same bits. With --conserve the model is meta-tailored: it is trained as it will be "
    "used, with\n"
    "an inner step at every point that makes the quantity change less. --conserve network learns "
    "the quantity too.";

struct Arguments {
  std::string data;
  OutputOptions output;
  std::string from;
  std::string model{learn::all_models().front().name};
  std::string widths = "200,200";
  TrainingOptions training;
  std::string seed = "0";
  std::string precision = "float32";
  std::string checkpoint_every = "500";
  TailoringOptions tailoring;
  bool noise_free = false, denoise = false, freeze_quantity = false;
  bool model_given = false, widths_given = false;
};

std::vector<std::int64_t> parse_widths(const std::string& text) {
  constexpr std::int64_t most = 10000;
  std::vector<std::int64_t> widths;
  for (const std::string& word : split_commas(text)) {
    widths.push_back(base::parse_integer(word, "--widths"));
    if (widths.back() < 1 || widths.back() > most) {
      throw base::UsageError(fmt::format("--widths: {} must lie in [1, {}]", widths.back(), most));
    }
  }
  return widths;
}

learn::ModelPtr make_model(const Arguments& arguments, std::int64_t dimension) {
  return learn::find_model(arguments.model).make({dimension, parse_widths(arguments.widths)});
}

// Everything that decides the bits of the model, by content, never by the names of files.
std::string config_of(const Arguments& arguments, const bench::Checkpoint& start,
                      const std::string& from_sha256) {
  std::string config = fmt::format(
      "data_sha256 = \"{}\"\nfrom_sha256 = \"{}\"\nmodel = \"{}\"\n{}seed = \"{}\"\n"
      "precision = \"{}\"\nnoise_free = \"{}\"\ndenoise = \"{}\"\n",
      start.data_sha256, from_sha256, start.model->text(), training_toml(start), start.seed,
      arguments.precision, arguments.noise_free, arguments.denoise);
  if (start.tailoring) {
    config += fmt::format("conserve = \"{}\"\ninner_step = \"{}\"\n", start.tailoring->conserve,
                          describe_step(*start.tailoring));
  }
  if (arguments.freeze_quantity) config += "freeze_quantity = \"true\"\n";
  return config;
}

std::string tailoring_flags(const std::optional<bench::Tailoring>& tailoring) {
  if (!tailoring) return "";
  return fmt::format(
      " --conserve \"{}\" --inner-step {}{} --inner-steps {} --layers {}", tailoring->conserve,
      to_string(tailoring->rule),
      has_rate(tailoring->rule) ? " --inner-rate " + base::format_double(tailoring->rate) : "",
      tailoring->steps, tailoring->all_layers ? "all" : "last");
}

std::string command_of(const Arguments& arguments, const bench::Checkpoint& start) {
  return fmt::format(
      "noether train DATA.h5 --model {} --widths {} {} --seed {} --precision {}{}{}{}{}{} # data "
      "{}",
      start.model->kind(), fmt::join(start.model->options().hidden, ","), training_flags(start),
      start.seed, arguments.precision, arguments.noise_free ? " --noise-free" : "",
      arguments.denoise ? " --denoise" : "", tailoring_flags(start.tailoring),
      arguments.freeze_quantity ? " --freeze-quantity" : "",
      arguments.from.empty() ? "" : " --from MODEL.h5", start.data_sha256);
}

// The network and weights of another model; its training is of no concern.
void take_weights(const Arguments& arguments, const bench::Task& task, learn::DType dtype,
                  bench::Checkpoint& start) {
  const auto other = bench::load_checkpoint(arguments.from);
  check_fits(other, arguments.from, task.coordinates, arguments.data);
  warn_if_any(other_system(other, arguments.from, task.system, arguments.data));
  const bool agrees =
      (!arguments.model_given || start.model->kind() == other.model->kind()) &&
      (!arguments.widths_given || start.model->options().hidden == other.model->options().hidden);
  if (!agrees) {
    throw base::UsageError(fmt::format("'{}' is {}, not {}: leave out --model and --widths",
                                       arguments.from, other.model->text(), start.model->text()));
  }
  start.model = other.model;
  start.state = learn::initial_training_state(learn::cast(model_weights(other), dtype));
  if (start.tailoring) bench::check_can_tailor(*start.model, fmt::format("'{}'", arguments.from));
  start.config_toml = config_of(arguments, start, other.content_sha256);
}

bench::Checkpoint start_of(const Arguments& arguments, const bench::Task& task,
                           learn::DType dtype) {
  bench::Checkpoint start{.model = make_model(arguments, task.dimension()),
                          .system = task.system,
                          .coordinates = task.coordinates,
                          .data_sha256 = task.content_sha256,
                          .noise_std = task.noise_std,
                          .seed = base::parse_unsigned(arguments.seed, "--seed"),
                          .tailoring = parse_tailoring(arguments.tailoring, task, task.x),
                          .batch = parse_batch(arguments.training),
                          .training = parse_training(arguments.training)};
  if (start.tailoring) check_step_by_query(*start.tailoring);
  if (arguments.from.empty()) {
    if (start.tailoring) bench::check_can_tailor(*start.model, "the model");
    start.state = learn::initial_training_state(start.model->init(start.seed, dtype));
    start.config_toml = config_of(arguments, start, "");
  } else {
    take_weights(arguments, task, dtype, start);
  }
  start.command_line = command_of(arguments, start);
  return start;
}

bench::Checkpoint train_with_progress(const bench::Checkpoint& start, const bench::Task& task,
                                      const Arguments& arguments, std::int64_t checkpoint_every) {
  base::Progress bar("training", start.training.steps);
  const auto on_step = [&](const learn::TrainingState& state) {
    bar.update(state.step, fmt::format("loss {:.3e}", state.loss));
  };
  const auto on_pretraining = [&] { bar.update(0, "pretraining the network to conserve"); };
  try {
    return bench::run_training(start, task, arguments.output.path,
                               {.overwrite = arguments.output.overwrite,
                                .resume = arguments.output.resume,
                                .freeze_quantity = arguments.freeze_quantity,
                                .jobs = arguments.output.jobs,
                                .checkpoint_every = checkpoint_every,
                                .on_step = on_step,
                                .on_pretraining = on_pretraining});
  } catch (const base::Interrupted&) {
    if (!std::filesystem::exists(bench::partial_model(arguments.output.path))) throw;
    throw base::Interrupted(
        fmt::format("interrupted; the same command with --resume continues '{}'",
                    bench::partial_model(arguments.output.path).string()));
  }
}

void run(const Arguments& arguments) {
  const learn::DType dtype =
      arguments.precision == "float64" ? learn::DType::f64 : learn::DType::f32;
  const std::int64_t checkpoint_every =
      parse_count(arguments.checkpoint_every, "--checkpoint-every");
  // what needs no data is refused before they are read
  static_cast<void>(parse_training(arguments.training));
  static_cast<void>(parse_batch(arguments.training));
  check_tailoring(arguments.tailoring);
  if (arguments.noise_free && arguments.denoise)
    throw base::UsageError("--denoise works on observations: leave out --noise-free");
  if (arguments.freeze_quantity && arguments.tailoring.conserve != "network")
    throw base::UsageError("--freeze-quantity needs --conserve network");
  static_cast<void>(make_model(arguments, 2));
  if (!arguments.from.empty()) base::check_output_file(arguments.output.path, true, arguments.from);
  const auto task = bench::load_task(
      arguments.data,
      {.noise_free = arguments.noise_free, .denoise = arguments.denoise, .dtype = dtype});
  check_train_split(task);
  const auto begin = std::chrono::steady_clock::now();
  const auto made =
      train_with_progress(start_of(arguments, task, dtype), task, arguments, checkpoint_every);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  const auto field = trained_field(made);
  const auto& weights = made.state.params;
  fmt::print("one-step MSE, train  {:.4e}  (on {})\n",
             bench::step_mse(field, weights, task.x, task.dx_dt),
             arguments.noise_free ? "states"
             : arguments.denoise  ? "denoised observations"
                                  : "observations");
  if (task.test_x.defined()) {
    fmt::print("one-step MSE, test   {:.4e}  (on states)\n",
               bench::step_mse(field, weights, task.test_x, task.test_dx_dt));
  }
  fmt::print("{}: written, {}, {} steps, {:.1f} s\n", arguments.output.path, made.model->text(),
             made.state.step, seconds);
  // losses of two batches do not compare
  if (made.batch == 0 && made.state.loss > made.state.first_loss) {
    warn(fmt::format("the loss grew from {:.3g} to {:.3g}: try a smaller learning rate",
                     made.state.first_loss, made.state.loss));
  }
}

}  // namespace

void add_train(const Command& program) {
  const Command command = program.add_command("train", description);
  auto arguments = std::make_shared<Arguments>();
  Arguments& a = *arguments;
  command.add_option("DATA", a.data, "trajectory dataset").required();
  command.add_option("-o,--output", a.output.path, "model file to write").required();
  const Option model =
      command.add_option("--model", a.model, "one of `noether list models`").show_default();
  const Option widths =
      command.add_option("--widths", a.widths, "of the hidden layers").show_default();
  add_training(command, a.training);
  command.add_option("--seed", a.seed, "of the initial weights and of the batches").show_default();
  command.add_option("--precision", a.precision, "of weights and arithmetic")
      .one_of({"float32", "float64"})
      .show_default();
  command.add_option("--checkpoint-every", a.checkpoint_every, "steps between checkpoints")
      .show_default();
  add_jobs(command, a.output.jobs, "never changes the model");
  command.add_flag("--noise-free", a.noise_free, "learn from states instead of observations");
  command.add_flag("--denoise", a.denoise, "learn from observations denoised by the derivatives");
  add_tailoring(command, a.tailoring);
  command.add_flag("--freeze-quantity", a.freeze_quantity,
                   "with --conserve network: the quantity learns beforehand alone");
  command.add_option("--from", a.from, "start from the weights of this model");
  command.add_flag("--overwrite", a.output.overwrite, "replace the file if it exists");
  command.add_flag("--resume", a.output.resume,
                   "continue what an interrupted run left in FILE.partial");
  command.on_run([arguments, model, widths] {
    arguments->model_given = model.given();
    arguments->widths_given = widths.given();
    run(*arguments);
  });
}

}  // namespace noether::cli
