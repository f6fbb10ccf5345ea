#include "bench/tables/fields/outside_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text_file.h"
#include "bench/outside/outside_task.h"
#include "bench/outside/predictions.h"

namespace noether::bench {
namespace {

namespace fs = std::filesystem;

fs::path predictions_of(const OutsideModel& model, double noise, std::uint64_t seed) {
  return model.folder / outside_folder(noise, seed) / predictions_file;
}

// Before anything is trained: there are predictions for all runs.
void check_complete(const std::vector<OutsideModel>& models, const TableSettings& settings) {
  for (const OutsideModel& model : models) {
    for (const double noise : settings.axes.at("noise")) {
      for (const std::uint64_t seed : settings.seeds) {
        const fs::path path = predictions_of(model, noise, seed);
        if (fs::exists(path)) continue;
        throw base::DataError(
            fmt::format("--with {}: '{}' does not exist, so noise {}, seed {} "
                        "has no predictions",
                        model.name, path.string(), noise, seed));
      }
    }
  }
}

// Of all predictions in the folder.
std::string digest(const OutsideModel& model) {
  if (!fs::is_directory(model.folder)) {
    throw base::DataError(
        fmt::format("--with {}: '{}' is no folder", model.name, model.folder.string()));
  }
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(model.folder)) {
    if (fs::exists(entry.path() / predictions_file)) paths.insert(entry.path() / predictions_file);
  }
  base::Sha256 hash;
  for (const fs::path& path : paths) {
    hash.update(path.lexically_relative(model.folder).generic_string());
    hash.update(base::sha256_hex(base::read_text(path)));
  }
  return hash.hex();
}

void check_names(const std::vector<OutsideModel>& models, const TableSpec& spec) {
  std::set<std::string> taken;
  for (const RowSpec& row : spec.rows) taken.insert(row.name);
  for (const OutsideModel& model : models) {
    const bool is_word = std::ranges::all_of(model.name, [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c > 127;
    });
    if (model.name.empty() || !is_word)
      throw base::UsageError(fmt::format("--with: '{}' cannot name a row", model.name));
    if (!taken.insert(model.name).second) {
      throw base::UsageError(
          fmt::format("--with: table {} has a row '{}' already", spec.name, model.name));
    }
  }
}

}  // namespace

FieldRow outside_row(const OutsideModel& model) {
  return {{model.name, "a model outside this program, by its predictions"},
          [model](const StateProblem& problem, std::span<const TrainedField>,
                  const ReportStep&) -> FieldOutcome {
            const Task& task = problem.task;
            const fs::path path = predictions_of(model, task.noise_std, problem.seed);
            TrainedField made;
            made.predicted = read_predictions(path, task, problem.fingerprint);
            return {.made = made};
          }};
}

void take_outside_models(
    Experiment& experiment, const std::string& system,
    const std::function<Experiment(const std::vector<FieldRow>& more)>& with_rows) {
  experiment.write_outside = [system](const RunContext& run, const fs::path& into) {
    const OutsideTask outside =
        outside_task(dataset_of(system, run), run.settings.axes.at("horizon"));
    const fs::path folder = into / outside_folder(run.at.at("noise"), run.seed);
    fs::create_directories(folder);
    write_outside_task(outside, folder / task_file);
  };
  experiment.with_outside = [with_rows,
                             spec = experiment.spec](const std::vector<OutsideModel>& models) {
    check_names(models, spec);
    std::vector<FieldRow> more;
    for (const OutsideModel& model : models) more.push_back(outside_row(model));
    Experiment larger = with_rows(more);
    for (const OutsideModel& model : models)
      larger.spec.inputs.emplace_back("with " + model.name, digest(model));
    larger.check = [models](const RunContext& first) { check_complete(models, first.settings); };
    return larger;
  };
}

}  // namespace noether::bench
