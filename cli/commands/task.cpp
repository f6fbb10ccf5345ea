#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/progress.h"
#include "base/text.h"
#include "bench/outside/outside_task.h"
#include "bench/tables/tables.h"
#include "cli/commands.h"
#include "dataset/exchange/export_folder.h"

namespace noether::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* description =
    "Examples:\n"
    "  noether task pendulum.h5 -o task\n"
    "  noether task --table pendulum --seeds 8 -o tasks\n"
    "\n"
    "Writes what a model of your own is given, as plain HDF5: train points with derivatives, test "
    "starts and\n"
    "times. Of a dataset that is task/task.h5; of a table tasks/noise-0-seed-3/task.h5 for each "
    "run. Write\n"
    "predictions.h5 beside it: an array `prediction` (test starts, times, coordinates) and the "
    "attribute `task`.\n"
    "`noether evaluate --predictions task/predictions.h5 pendulum.h5` judges it, and\n"
    "`noether table pendulum --with mine=tasks` makes it a row.";

struct Arguments {
  std::string data;
  std::string table;
  std::string seeds, noise, horizon;
  std::string folder;
  bool overwrite = false;
};

// Makes the folder, and locks it as an export does.
base::FileLock make_folder(const fs::path& given, bool overwrite) {
  base::check_output_name(given);
  const fs::path folder = dataset::folder_path(given);
  if (fs::exists(folder) && !fs::is_directory(folder))
    throw base::DataError(fmt::format("'{}' is not a folder", folder.string()));
  if (fs::exists(folder) && !fs::is_empty(folder) && !overwrite) {
    throw base::DataError(
        fmt::format("'{}' exists: --overwrite replaces the tasks in it, and leaves predictions",
                    folder.string()));
  }
  const fs::path parent = folder.parent_path();
  if (!parent.empty()) fs::create_directories(parent);
  base::FileLock lock = base::FileLock::of_output(folder);
  fs::create_directories(folder);
  return lock;
}

std::vector<double> horizons_of(const std::string& text, const dataset::DatasetFile& file) {
  if (text.empty()) return bench::default_horizons(file);
  const dataset::SettingSpec setting{"horizon", dataset::Numbers{}, 0, 1e300, "", ""};
  return dataset::Config("task", {setting}, {{"horizon", text}}).numbers("horizon");
}

void write_of_data(const Arguments& arguments) {
  if (!arguments.seeds.empty() || !arguments.noise.empty())
    throw base::UsageError("--seeds and --noise belong to --table");
  const dataset::DatasetFile file(arguments.data);
  const bench::OutsideTask task = bench::outside_task(file, horizons_of(arguments.horizon, file));
  const base::FileLock lock = make_folder(arguments.folder, arguments.overwrite);
  const fs::path path = fs::path(arguments.folder) / bench::task_file;
  bench::write_outside_task(task, path);
  fmt::print("{}: written, {} train trajectories of {} points, {} test starts, {} times\n",
             path.string(), task.task.trajectories, task.task.samples, task.task.starts.shape()[0],
             task.task.truth.size());
}

const bench::Experiment& find_experiment(const std::string& name) {
  const bench::Experiment& found = bench::find_table(name);
  if (found.write_outside) return found;
  std::vector<std::string> names;
  for (const bench::Experiment& table : bench::all_tables()) {
    if (table.write_outside) names.push_back(table.spec.name);
  }
  throw base::UsageError(fmt::format("table {} judges no models from elsewhere; these do: {}", name,
                                     base::join(names)));
}

void write_of_table(const Arguments& arguments) {
  const bench::Experiment& table = find_experiment(arguments.table);
  dataset::Overrides overrides;
  for (const auto& [key, text] : {std::pair("seeds", &arguments.seeds),
                                  {"noise", &arguments.noise},
                                  {"horizon", &arguments.horizon}}) {
    if (!text->empty()) overrides[key] = *text;
  }
  const bench::TableSettings settings = bench::make_settings(table.spec, overrides);
  const auto places = bench::swept_places(table.spec, settings);
  const base::FileLock lock = make_folder(arguments.folder, arguments.overwrite);
  const auto runs = std::ssize(places) * std::ssize(settings.seeds);
  base::Progress bar("writing tasks", runs);
  std::int64_t done = 0;
  for (const bench::Coordinates& place : places) {
    for (const std::uint64_t seed : settings.seeds) {
      base::check_interrupt();
      table.write_outside({settings, {}, place, seed, [](std::string_view) {}}, arguments.folder);
      bar.update(++done);
    }
  }
  fmt::print("{}: written, the tasks of {} runs of table {}\n", arguments.folder, runs,
             table.spec.name);
}

void run(const Arguments& arguments) {
  if (arguments.data.empty() == arguments.table.empty())
    throw base::UsageError("task: give a dataset, or --table and its name");
  (arguments.table.empty() ? write_of_data : write_of_table)(arguments);
}

}  // namespace

void add_task(const Command& program) {
  const Command command = program.add_command("task", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("DATA", arguments->data, "dataset of trajectories");
  command.add_option("--table", arguments->table, "a table, in place of a dataset");
  command.add_option("--seeds", arguments->seeds, "of the table: how many, or which (8)");
  command.add_option("--noise", arguments->noise,
                     "of the table: standard deviations of the noise (0)");
  command.add_option(
      "--horizon", arguments->horizon,
      "how far to predict, in units of time (of a dataset: as far as its test trajectories, and "
      "10/3 as far where the system is known)");
  command.add_option("-o,--output", arguments->folder, "folder to write").required();
  command.add_flag("--overwrite", arguments->overwrite, "replace tasks that are there");
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
