#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/progress.h"
#include "base/text.h"
#include "bench/model/checkpoint.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/exchange/validate.h"

namespace noether::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* description =
    "Example:\n"
    "  noether validate pendulum.h5 --replay all\n"
    "\n"
    "Checks a dataset: seal, form, checksums, finite numbers, splits, invariants, and samples "
    "made\n"
    "anew from the seed; or a model: seal, whether it can be loaded, checksums, finite numbers. "
    "Exit\n"
    "code 1 where a check fails.";

struct Arguments {
  std::string file;
  std::int64_t replay = 8;  // negative: all
  bool replay_given = false;
  int jobs = 0;
  bool json = false;
};

// for Option::check: "all" is -1
std::string all_or_count(std::string& text) {
  if (text == "all") {
    text = "-1";
    return "";
  }
  const bool fits = base::parse_integer(text, "--replay") >= 0;
  return fits ? "" : "must be 'all' or a number of at least 0";
}

void print_json(const std::vector<dataset::Check>& checks) {
  Json list = Json::array();
  for (const auto& check : checks) {
    list.push_back({{"name", check.name},
                    {"passed", check.violations.empty()},
                    {"what", check.what},
                    {"violations", check.violations}});
  }
  const Json report{{"valid", dataset::violation_count(checks) == 0}, {"checks", list}};
  // a damaged file may hold names that are not UTF-8
  fmt::print("{}\n", report.dump(2, ' ', false, Json::error_handler_t::replace));
}

void print_table(const std::vector<dataset::Check>& checks) {
  constexpr std::size_t most = 20;
  for (const auto& check : checks) {
    fmt::print("{:<7} {:<11} {}\n", check.violations.empty() ? "ok" : "FAILED", check.name,
               check.what);
    for (std::size_t i = 0; i < std::min(most, check.violations.size()); ++i)
      fmt::print("        {}\n", check.violations[i]);
    if (check.violations.size() > most)
      fmt::print("        and {} more\n", check.violations.size() - most);
  }
}

dataset::Check check_model(const std::filesystem::path& path, bool replay_given) {
  if (replay_given) {
    throw base::UsageError(fmt::format(
        "'{}' is a model, which has no samples to make anew: leave out --replay", path.string()));
  }
  const auto checkpoint = bench::load_checkpoint(path);
  return {.name = "form",
          .what = fmt::format("no dataset but a model, {} of {}, step {} of {}: `noether evaluate` "
                              "reads it",
                              checkpoint.model->text(), checkpoint.system, checkpoint.state.step,
                              checkpoint.training.steps),
          .violations = {}};
}

void run(const Arguments& arguments) {
  std::unique_ptr<base::Progress> bar;
  const auto on_progress = [&](std::int64_t done, std::int64_t total) {
    if (!bar) bar = std::make_unique<base::Progress>("replaying", total);
    bar->update(done);
  };
  const auto check_this_model = [&](const std::filesystem::path& path) {
    return check_model(path, arguments.replay_given);
  };
  const auto checks = dataset::validate(
      arguments.file, {.replay = arguments.replay,
                       .jobs = arguments.jobs,
                       .on_progress = on_progress,
                       .others = {{std::string(bench::model_schema), check_this_model}}});
  bar.reset();
  if (arguments.json) {
    print_json(checks);
  } else {
    print_table(checks);
  }
  if (const auto count = dataset::violation_count(checks); count > 0) {
    throw base::Error(base::ExitCode::check_failed,
                      fmt::format("'{}' is not valid: {} violation{}", arguments.file, count,
                                  count == 1 ? "" : "s"));
  }
}

}  // namespace

void add_validate(const Command& program) {
  const Command command = program.add_command("validate", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("FILE", arguments->file, "dataset or model").required();
  const Option replay =
      command
          .add_option("--replay", arguments->replay,
                      "how many blocks of samples to make anew: a number, or 'all'")
          .check({all_or_count, "COUNT"});
  command.add_option("-j,--jobs", arguments->jobs, "threads, 0 for one per processor")
      .from_to(0, 1024);
  add_json(command, arguments->json);
  command.on_run([arguments, replay] {
    arguments->replay_given = replay.given();
    run(*arguments);
  });
}

}  // namespace noether::cli
