#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "bench/table/provenance.h"
#include "bench/tables/tables.h"
#include "cli/commands.h"
#include "cli/commands/table_run.h"
#include "cli/options.h"
#include "cli/setting_flags.h"
#include "cli/warning.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Example:\n"
    "  noether table pendulum --seeds 8 --noise 0,0.1 -o pendulum-table\n"
    "\n"
    "Trains everything a table compares and writes table.md, records.csv, curves.csv, table.json "
    "and\n"
    "table.png. `noether list tables` names the tables. Each of their settings is a flag, a "
    "--set key=value,\n"
    "or a line of a TOML file; `noether list tables --json` has them all.";

struct Arguments {
  std::string name;
  SettingFlags settings;
  std::string data;
  std::vector<std::string> with;
  int jobs = 0;
  std::string folder;
  bool resume = false;
  bool overwrite = false;
};

// The settings of all tables, each key once: a flag each.
std::vector<dataset::SettingSpec> settings_of_all() {
  std::vector<dataset::SettingSpec> all;
  for (const auto& experiment : bench::all_tables()) {
    for (const auto& setting : bench::settings_of(experiment.spec, false)) {
      if (std::ranges::find(all, setting.key, &dataset::SettingSpec::key) == all.end())
        all.push_back(setting);
    }
  }
  return all;
}

std::vector<bench::OutsideModel> models_of(const Arguments& arguments) {
  std::vector<bench::OutsideModel> models;
  for (const std::string& text : arguments.with) {
    const auto sign = text.find('=');
    if (sign == std::string::npos || sign == 0 || sign + 1 == text.size())
      throw base::UsageError(fmt::format("--with: '{}' is not of the form NAME=FOLDER", text));
    models.push_back({text.substr(0, sign), text.substr(sign + 1)});
  }
  return models;
}

// The table, with a row for each model.
bench::Experiment experiment_of(const bench::Experiment& table,
                                const std::vector<bench::OutsideModel>& models) {
  if (models.empty()) return table;
  if (table.with_outside) return table.with_outside(models);
  throw base::UsageError(
      fmt::format("table {} judges no models from elsewhere: leave out --with", table.spec.name));
}

// Who brings a model wants its row, whatever --rows says.
void add_rows(dataset::Overrides& overrides, const std::vector<bench::OutsideModel>& models) {
  const auto rows = overrides.find("rows");
  if (rows == overrides.end() || rows->second == "all") return;
  const auto asked = base::split_commas(rows->second);
  for (const bench::OutsideModel& model : models) {
    if (std::ranges::find(asked, model.name) == asked.end()) rows->second += "," + model.name;
  }
}

void run(const Arguments& arguments) {
  const auto models = models_of(arguments);
  const bench::Experiment experiment = experiment_of(bench::find_table(arguments.name), models);
  const bench::TableSpec& spec = experiment.spec;
  auto overrides =
      overrides_of(arguments.settings, bench::settings_of(spec, false), "table", spec.name);
  add_rows(overrides, models);
  const bench::TableOptions options{.settings = bench::make_settings(spec, overrides),
                                    .data = arguments.data,
                                    .jobs = arguments.jobs,
                                    .folder = arguments.folder,
                                    .resume = arguments.resume,
                                    .overwrite = arguments.overwrite};
  const auto start = std::chrono::steady_clock::now();
  bench::TableResult result;
  try {
    result = run_with_progress(experiment, options);
  } catch (const base::Error& error) {
    if (error.code() != base::ExitCode::interrupted) throw;
    throw base::Interrupted(fmt::format(
        "interrupted; the same command with --resume continues in '{}'", options.folder.string()));
  }
  bench::write_table(options.folder, spec, result.records, result.curves,
                     bench::provenance_json(spec, options));
  for (const auto& sentence : bench::omissions(spec, result.records))
    warn("left out at " + sentence);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{}\n{}: written, {} runs", bench::table_text(spec, result.records),
             options.folder.string(), result.kept + result.computed);
  if (result.kept > 0) fmt::print(", {} of them by an earlier command", result.kept);
  fmt::print(", {:.1f} s\n", seconds);
}

}  // namespace

void add_table(const Command& program) {
  const Command command = program.add_command("table", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("NAME", arguments->name, "table").required();
  command.add_option("-o,--output", arguments->folder, "folder to make").required();
  // defaults are those of one table
  add_setting_flags(command, settings_of_all(), arguments->settings, Defaults::hidden);
  command.add_option("--data", arguments->data,
                     "the file of a table that needs one: real_pend_h_1.txt");
  command
      .add_option("--with", arguments->with,
                  "NAME=FOLDER, a row of a model of your own, by its predictions (noether task); "
                  "may be repeated")
      .one_value_each();
  add_jobs(command, arguments->jobs, "never changes a number");
  command.add_flag("--resume", arguments->resume,
                   "compute only the runs that an interrupted command left out");
  command.add_flag("--overwrite", arguments->overwrite, "replace the folder if a table wrote it");
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
