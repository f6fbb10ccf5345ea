#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/text.h"
#include "base/version.h"
#include "bench/table/baseline.h"
#include "bench/tables/tables.h"
#include "cli/commands.h"
#include "cli/commands/table_run.h"
#include "cli/options.h"

namespace noether::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* description =
    "Examples:\n"
    "  noether check\n"
    "  noether check pendulum --accept --reason \"steps of Gauss-Newton\"\n"
    "\n"
    "Runs tables again and compares every record with the committed baselines, bit by bit: exit "
    "code 0 where all\n"
    "are equal, 1 where one differs, which is named. Trained numbers do not depend on the "
    "processor. They depend on\n"
    "the compiler: a program of another one is compared within 25 %, and says so. --accept makes "
    "what was measured\n"
    "the baseline.";

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
  if (base::build_info().git_describe.ends_with("-dirty")) {
    throw base::UsageError(
        "--accept: commit first: a baseline names the version that made it, and this program is of "
        "none (" +
        base::build_info().git_describe + ")");
  }
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
  if (baseline) {
    fmt::print("{}: {} records change\n", name,
               bench::differences(*baseline, bench::reproducible(experiment.spec, records)).size());
  } else {
    baseline = {.table = experiment.spec.name, .settings = settings.to_overrides()};
  }
  const auto accepted =
      bench::accept(*baseline, experiment.spec, records, acceptance(arguments.reason));
  fs::create_directories(path.parent_path());
  const auto lock = base::FileLock::of_output(path);
  bench::write_baseline(accepted, path);
  fmt::print("{}: accepted, {} records\n", path.string(), accepted.records.size());
}

// what differs, in a sentence; "" where nothing does
std::string run_check(const Arguments& arguments, const std::string& name, const fs::path& path) {
  const bench::Baseline baseline = bench::read_baseline(path);
  const auto& experiment = bench::find_table(baseline.table);
  const auto settings = bench::settings_of(baseline, experiment.spec);
  const auto records =
      bench::reproducible(experiment.spec, records_of(experiment, settings, arguments.jobs));
  const auto found = bench::differences(baseline, records);
  const std::size_t count = std::max(baseline.records.size(), records.size());
  if (found.empty()) {
    fmt::print("{}: {} records, equal to the last bit\n", name, count);
    return {};
  }
  const std::string differ = fmt::format("{} of {} records differ, the first: {}", found.size(),
                                         count, bench::describe(found.front()));
  if (baseline.arithmetic == bench::arithmetic_of_this_build())
    return fmt::format("{}: {}", name, differ);
  const auto worse = bench::regressions(experiment.spec, baseline, records);
  fmt::print(
      "{}: the baseline is of {}, this program of {}, so figures are compared within {:.0f} %; "
      "{}\n",
      name, baseline.arithmetic, bench::arithmetic_of_this_build(), 100 * bench::guard_tolerance,
      differ);
  return worse.empty() ? "" : fmt::format("{}: got worse: {}", name, fmt::join(worse, "; "));
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
    if (fs::exists(folder / (name + ".json"))) continue;
    if (!arguments.accept) throw base::UsageError(base::unknown_name("baseline", name, committed));
    bench::find_table(name);
  }
  std::vector<std::string> failures;
  for (const auto& name : names) {
    const fs::path path = folder / (name + ".json");
    if (arguments.accept) {
      run_accept(arguments, name, path);
    } else if (auto failure = run_check(arguments, name, path); !failure.empty()) {
      failures.push_back(std::move(failure));
    }
  }
  if (!failures.empty()) {
    throw base::Error(base::ExitCode::check_failed, fmt::format("{}", fmt::join(failures, "; ")));
  }
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
