#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "bench/table/provenance.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/table_run.h"
#include "cli/warning.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Example:\n"
    "  noether table pendulum --seeds 8 --noise 0,0.1 -o pendulum-table\n"
    "\n"
    "Trains everything a table compares and writes table.md, records.csv, curves.csv, table.json "
    "and\n"
    "table.png. `noether list tables` names the tables.";

struct Arguments {
  std::string name;
  std::string seeds;
  std::string noises;
  std::string rows;
  bench::TableOptions options;
};

// a comma at the end adds nothing: "3," is {"3"}
std::vector<std::string> words_of(const std::string& text) {
  auto words = split_commas(text);
  if (words.back().empty()) words.pop_back();
  return words;
}

std::vector<std::uint64_t> first_seeds(std::uint64_t count) {
  constexpr std::uint64_t most = 10000;
  if (count < 1 || count > most)
    throw base::UsageError(fmt::format("--seeds: {} is not from 1 to {}", count, most));
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t seed = 0; seed < count; ++seed) seeds.push_back(seed);
  return seeds;
}

std::vector<std::uint64_t> parse_seeds(const std::string& text, int by_default) {
  if (text.empty()) return first_seeds(static_cast<std::uint64_t>(by_default));
  if (text.find(',') == std::string::npos)
    return first_seeds(base::parse_unsigned(text, "--seeds"));
  std::vector<std::uint64_t> seeds;
  for (const auto& word : words_of(text)) seeds.push_back(base::parse_unsigned(word, "--seeds"));
  return seeds;
}

bench::TableOptions options_of(const Arguments& arguments, const bench::TableSpec& spec) {
  bench::TableOptions options = arguments.options;
  options.seeds = parse_seeds(arguments.seeds, options.quick ? spec.quick_seeds : spec.seeds);
  options.noises = spec.noises;
  if (!arguments.noises.empty()) {
    options.noises.clear();
    for (const auto& word : words_of(arguments.noises))
      options.noises.push_back(base::parse_double(word, "--noise"));
  }
  options.rows = words_of(arguments.rows);
  return options;
}

void run(const Arguments& arguments) {
  const bench::Experiment& experiment = bench::find_table(arguments.name);
  const bench::TableSpec& spec = experiment.spec;
  const bench::TableOptions options = options_of(arguments, spec);
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

void add_table(CLI::App& app) {
  auto* command = app.add_subcommand("table", description);
  auto arguments = std::make_shared<Arguments>();
  auto& options = arguments->options;
  const CLI::Validator not_empty{
      [](const std::string& text) { return text.empty() ? "is empty" : std::string(); }, ""};
  command->add_option("NAME", arguments->name, "table")->required();
  command->add_option("-o,--output", options.folder, "folder to make")->required();
  command
      ->add_option("--seeds", arguments->seeds,
                   "how many (8), or which (0,3,5; a single one with a comma: 3,)")
      ->check(not_empty);
  command->add_option("--noise", arguments->noises, "standard deviations of the noise: 0,0.1")
      ->check(not_empty);
  command->add_option("--rows", arguments->rows, "rows of the table: vanilla,control")
      ->check(not_empty);
  command->add_option("--data", options.data,
                      "the file of a table that needs one: real_pend_h_1.txt");
  command->add_flag("--scratch", options.scratch,
                    "control and meta rows from the initial weights, not from vanilla");
  command->add_option("--weight-decay", options.weight_decay,
                      "of every training of a model: added to the gradient times the weights "
                      "(1e-4)");
  command->add_flag("--quick", options.quick, "2 seeds and few steps: to see that all works");
  command
      ->add_option("-j,--jobs", options.jobs,
                   "threads, 0 for one per processor; never changes a number")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--resume", options.resume,
                    "compute only the runs that an interrupted command left out");
  command->add_flag("--overwrite", options.overwrite, "replace the folder if a table wrote it");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace noether::cli
