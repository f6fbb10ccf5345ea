#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "bench/checkpoint.h"
#include "bench/evaluation.h"
#include "bench/evaluation_report.h"
#include "cli/commands.h"
#include "cli/options.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether evaluate vanilla.h5 pendulum.h5\n"
    "  noether evaluate vanilla.h5 pendulum.h5 --horizon 3,10 -o evaluation\n"
    "\n"
    "Predicts the test split of a dataset with a trained model: one-step error, then "
    "Runge-Kutta from the\n"
    "noise-free test starts at the time step of the data. Truth beyond the file is integrated.\n"
    "-o writes evaluation.json, records.csv and evaluation.png.";

struct Arguments {
  std::string model;
  std::string data;
  std::string horizons = "3,10";
  std::string folder;
  bool overwrite = false;
  bool json = false;
};

std::vector<double> parse_horizons(const std::string& text) {
  std::vector<double> horizons;
  for (const std::string& word : split_commas(text))
    horizons.push_back(base::parse_double(word, "--horizon"));
  return horizons;
}

void check_finite(const bench::Evaluation& evaluation, const std::string& model) {
  const auto& curve = evaluation.rmse_curve;
  const auto bad = std::ranges::find_if(curve, [](double error) { return !std::isfinite(error); });
  if (bad == curve.end()) return;
  throw base::NumericalError(
      fmt::format("'{}': the prediction is not finite from time {:g} on", model,
                  evaluation.time.at(static_cast<std::size_t>(bad - curve.begin()))));
}

void run(const Arguments& arguments) {
  const auto horizons = parse_horizons(arguments.horizons);
  const auto checkpoint = bench::load_checkpoint(arguments.model);
  const auto task =
      bench::load_task(arguments.data, {.horizons = horizons, .dtype = learn::DType::f64});
  check_fits(checkpoint, arguments.model, task.coordinates, arguments.data);

  const learn::Field field = field_of(checkpoint.model);
  const auto evaluation = bench::evaluate_field(field, checkpoint.state.params, task);
  check_finite(evaluation, arguments.model);
  const bench::Report report{checkpoint, task, evaluation};
  if (!arguments.folder.empty()) write_report(report, arguments.folder, arguments.overwrite);
  fmt::print("{}\n", arguments.json ? to_json(report) : to_text(report));
}

}  // namespace

void add_evaluate(CLI::App& app) {
  auto* command = app.add_subcommand("evaluate", description);
  auto arguments = std::make_shared<Arguments>();
  command->add_option("MODEL", arguments->model, "model file of `noether train`")->required();
  command->add_option("DATA", arguments->data, "trajectory dataset")->required();
  command->add_option("--horizon", arguments->horizons, "how far to predict, in units of time")
      ->capture_default_str();
  command->add_option("-o,--output", arguments->folder, "folder to write");
  command->add_flag("--overwrite", arguments->overwrite, "replace the folder if it exists");
  add_json(*command, arguments->json);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace noether::cli
