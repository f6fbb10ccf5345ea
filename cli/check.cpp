#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "bench/table/baseline.h"
#include "bench/table/provenance.h"
#include "bench/tables/tables.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/table_run.h"

namespace noether::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* description =
    "Examples:\n"
    "  noether check\n"
    "  noether check pendulum --accept --reason \"steps of Gauss-Newton\"\n"
    "\n"
    "Runs tables again and compares them with committed baselines: exit code 0 where all is equal "
    "or better,\n"
    "1 where something got worse. --accept makes what was measured the baseline.";

struct Arguments {
  std::vector<std::string> names;
  bool accept = false;
  std::string reason;
  std::string folder;
  int jobs = 0;
};

// those of the source tree that this program was built from, or of the one we stand in
fs::path baselines_folder(const Arguments& arguments) {
  if (!arguments.folder.empty()) return arguments.folder;
  const fs::path source = NOETHER_BASELINES;
  return fs::is_directory(source) ? source : fs::path("bench/baselines");
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  if (!fs::is_directory(folder))
    throw base::DataError(fmt::format("there is no folder of baselines '{}'", folder.string()));
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem());
  }
  std::ranges::sort(names);
  return names;
}

void check_arguments(const Arguments& arguments) {
  if (!arguments.accept) {
    if (!arguments.reason.empty()) throw base::UsageError("--reason is of use with --accept only");
    return;
  }
  // before the training, not after it
  if (arguments.reason.find_first_not_of(" \t\n") == std::string::npos)
    throw base::UsageError("--accept needs --reason \"...\"");
  if (base::build_info().arch == "native") {
    throw base::UsageError(
        "--accept: baselines come from a build for all processors, and this one is for -march="
        "native");
  }
  if (base::build_info().git_describe.ends_with("-dirty")) {
    throw base::UsageError(
        "--accept: commit first: a baseline names the version that made it, and this program is of "
        "none (" +
        base::build_info().git_describe + ")");
  }
}

std::string machine_text() {
  const auto machine = bench::this_machine();
  return fmt::format("{}, {} cores", machine.cpu, machine.cores);
}

bench::Acceptance acceptance(const std::string& reason) {
  return {.date = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr))),
          .version = base::build_info().git_describe,
          .reason = reason};
}

// What is run for a table that has no baseline yet.
bench::TableSettings first_settings(const bench::TableSpec& spec) {
  return bench::make_settings(spec, {{"quick", "yes"}});
}

std::vector<bench::Record> records_of(const bench::Experiment& experiment,
                                      const bench::TableSettings& settings, int jobs) {
  return run_with_progress(experiment, {.settings = settings, .jobs = jobs}).records;
}

void run_accept(const Arguments& arguments, const std::string& name, const fs::path& path) {
  std::optional<bench::Baseline> baseline;
  if (fs::exists(path)) baseline = bench::read_baseline(path);
  const auto& experiment = bench::find_table(baseline ? baseline->table : name);
  const auto settings =
      baseline ? bench::settings_of(*baseline, experiment.spec) : first_settings(experiment.spec);
  const auto records = records_of(experiment, settings, arguments.jobs);
  if (!baseline) baseline = bench::draft_baseline(experiment.spec, settings, records);
  for (const auto& finding : bench::compare(*baseline, records))
    fmt::print("{}\n", bench::describe(finding));
  const auto accepted =
      bench::accept(*baseline, records, acceptance(arguments.reason), machine_text());
  fs::create_directories(path.parent_path());
  bench::write_baseline(accepted, path);
  fmt::print("{}: accepted, {} figures\n", path.string(), accepted.entries.size());
}

// the lines of what got worse
std::vector<std::string> run_check(const Arguments& arguments, const std::string& name,
                                   const fs::path& path) {
  const bench::Baseline baseline = bench::read_baseline(path);
  const auto& experiment = bench::find_table(baseline.table);
  const auto settings = bench::settings_of(baseline, experiment.spec);
  const auto findings = bench::compare(baseline, records_of(experiment, settings, arguments.jobs));
  fmt::print("{}\n", name);
  std::vector<std::string> regressions;
  for (const auto& finding : findings) {
    fmt::print("  {}\n", bench::describe(finding));
    if (!bench::passed(std::span(&finding, 1)))
      regressions.push_back(fmt::format("{}: {}", name, bench::describe(finding.entry.statistic)));
  }
  return regressions;
}

void run(const Arguments& arguments) {
  check_arguments(arguments);
  const fs::path folder = baselines_folder(arguments);
  const auto committed = names_in(folder);
  const auto& names = arguments.names.empty() ? committed : arguments.names;
  if (names.empty() || (committed.empty() && !arguments.accept))
    throw base::DataError(fmt::format("there are no baselines in '{}'", folder.string()));
  // a name that does not exist is found before an hour of work on the others
  for (const auto& name : names) {
    if (!arguments.accept && !fs::exists(folder / (name + ".json")))
      throw base::UsageError(base::unknown_name("baseline", name, committed));
  }
  std::vector<std::string> regressions;
  for (const auto& name : names) {
    const fs::path path = folder / (name + ".json");
    if (arguments.accept) {
      run_accept(arguments, name, path);
      continue;
    }
    for (auto& line : run_check(arguments, name, path)) regressions.push_back(std::move(line));
  }
  if (!regressions.empty()) {
    throw base::Error(base::ExitCode::check_failed,
                      fmt::format("got worse: {}", fmt::join(regressions, "; ")));
  }
  if (!arguments.accept) fmt::print("equal or better\n");
}

}  // namespace

void add_check(const Command& program) {
  const Command command = program.add_command("check", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("NAME", arguments->names, "baselines; without any, all of them");
  command.add_flag("--accept", arguments->accept, "make what is measured the baseline");
  command.add_option("--reason", arguments->reason, "why it is accepted, kept in the baseline");
  command.add_option("--baselines", arguments->folder,
                     "folder of baselines; bench/baselines of the source unless given");
  add_jobs(command, arguments->jobs, "never changes a number");
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
