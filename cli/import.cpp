#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/text_file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/warning.h"
#include "dataset/exchange/csv_trials.h"
#include "dataset/exchange/import_lipson.h"
#include "dataset/exchange/import_trials.h"
#include "dataset/store/writer.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether import csv measured.csv -o measured.h5\n"
    "  noether import lipson real_pend_h_1.txt -o real-pendulum.h5\n"
    "\n"
    "Makes a dataset from a file of another format.";

constexpr const char* lipson_description =
    "Example:\n"
    "  noether import lipson real_pend_h_1.txt -o real-pendulum.h5\n"
    "\n"
    "Reads measured trajectories in the columns of Schmidt and Lipson (2009): a header '% names', "
    "then lines of\n"
    "trial, t and the values. Derivatives are forward differences over the real dt. The first 80 % "
    "train, the\n"
    "last 20 % test: of the trials, or of the points in time where there is one trial.";

constexpr const char* csv_description =
    "Examples:\n"
    "  noether import csv measured.csv -o measured.h5\n"
    "  noether import csv measured.csv -o measured.h5 --time seconds --only angle,rate --units "
    "angle=deg,rate=1/s --angles angle\n"
    "\n"
    "Reads a table of text: a header of names, then a point a line. Columns t (or time) and trial "
    "are found by name;\n"
    "dX_dt is the derivative of X, X_obs what was observed of it. Without derivatives they are "
    "estimated: by a smoothing\n"
    "spline where noise is seen, else by polynomials. The first 80 % of the trials train, the rest "
    "test; of one trial\n"
    "the points in time.";

struct LipsonArguments {
  std::string input;
  std::string output;
  bool overwrite = false;
};

void import_lipson(const LipsonArguments& arguments) {
  const auto record =
      dataset::import_lipson(arguments.input, arguments.output, arguments.overwrite);
  fmt::print("{}: written, {} trial{} of {} points: {}\n", arguments.output, record.trials,
             record.trials == 1 ? "" : "s", record.times.size(), base::join(record.names));
}

struct Arguments {
  std::string input;
  std::string output;
  std::string time, trial, only, without, units, angles;
  double noise = 0;
  bool overwrite = false;
};

// What tells one result from another, without paths.
std::string command_line_of(const Arguments& arguments) {
  std::string line = "noether import csv";
  for (const auto& [flag, text] :
       {std::pair("time", &arguments.time), {"trial", &arguments.trial}, {"only", &arguments.only},
        {"without", &arguments.without}, {"units", &arguments.units}, {"angles", &arguments.angles}}) {
    if (!text->empty()) line += fmt::format(" --{} '{}'", flag, *text);
  }
  return arguments.noise > 0 ? line + fmt::format(" --noise {}", arguments.noise) : line;
}

std::size_t coordinate_of(const dataset::Trials& trials, const std::string& name) {
  const auto at = std::ranges::find(trials.coordinates, name);
  if (at == trials.coordinates.end())
    throw base::UsageError(base::unknown_name("coordinate", name, trials.coordinates));
  return static_cast<std::size_t>(at - trials.coordinates.begin());
}

// Multiplies a coordinate and its derivative.
void rescale(dataset::Trials& trials, std::size_t j, double factor) {
  const std::size_t d = trials.coordinates.size();
  for (dataset::Trial& trial : trials.trials) {
    for (auto* numbers : {&trial.values, &trial.derivatives})
      for (std::size_t at = j; at < numbers->size(); at += d) (*numbers)[at] *= factor;
  }
}

// --units q=deg,p=1/s: degrees become radians. Returns the unit of time, "t=s".
std::string apply_units(dataset::Trials& trials, const Arguments& arguments) {
  std::string time_unit;
  for (const std::string& word : base::split_commas(arguments.units)) {
    const auto sign = word.find('=');
    if (sign == std::string::npos)
      throw base::UsageError(fmt::format("--units: '{}' is not of the form coordinate=unit", word));
    const std::string name = word.substr(0, sign);
    std::string unit = word.substr(sign + 1);
    if (name == (arguments.time.empty() ? "t" : arguments.time)) {
      time_unit = unit;
      continue;
    }
    const std::size_t j = coordinate_of(trials, name);
    if (unit.starts_with("deg")) {
      rescale(trials, j, std::numbers::pi / 180);
      unit.replace(0, 3, "rad");
    }
    trials.units[j] = unit;
  }
  return time_unit;
}

void apply_angles(dataset::Trials& trials, const std::string& angles) {
  for (const std::string& name : base::split_commas(angles)) {
    const std::size_t j = coordinate_of(trials, name);
    if (trials.units[j].empty()) trials.units[j] = "rad";
    unwrap(trials, j, 2 * std::numbers::pi);
  }
  if (const auto jump = wrapped_angle(trials))
    warn(fmt::format("{}: if it is an angle, say --angles NAME, and --units NAME=deg where it is "
                     "in degrees",
                     *jump));
}

std::string found_noise(const dataset::Trials& trials, const dataset::KnownMotion& known) {
  std::vector<std::string> words;
  for (std::size_t j = 0; j < known.noise.size(); ++j)
    words.push_back(fmt::format("{} {:.2g}", trials.coordinates[j], known.noise[j]));
  return base::join(words);
}

void import_csv(const Arguments& arguments) {
  const std::string text = base::read_text(arguments.input);
  auto [trials, notes] = dataset::parse_csv_trials(text, arguments.input,
                                                   {.time = arguments.time,
                                                    .trial = arguments.trial,
                                                    .only = base::split_commas(arguments.only),
                                                    .without = base::split_commas(arguments.without)});
  const std::string time_unit = apply_units(trials, arguments);
  apply_angles(trials, arguments.angles);
  base::check_output_file(arguments.output, arguments.overwrite, arguments.input);
  const dataset::ImportedFile made =
      dataset::imported_file(trials, {.format = "csv",
                                      .command_line = command_line_of(arguments),
                                      .source_sha256 = base::sha256_hex(text),
                                      .time_unit = time_unit,
                                      .noise = arguments.noise});
  dataset::write_dataset(made.layout, arguments.output);
  fmt::print("{}: written, {} trial{} of {} points: {}; derivatives: {}{}\n", arguments.output,
             trials.trials.size(), trials.trials.size() == 1 ? "" : "s",
             trials.trials.front().times.size(), base::join(trials.coordinates),
             made.known.method,
             made.known.relative_error > 0
                 ? fmt::format(", relative error about {:.1g}", made.known.relative_error)
                 : "");
  if (made.known.method == dataset::by_smoothing)
    fmt::print("noise found: {}\n", found_noise(trials, made.known));
  if (!notes.parameters.empty())
    fmt::print("constant along each trial, kept as parameters: {}\n", base::join(notes.parameters));
  if (notes.missing > 0)
    fmt::print("{} line{} with missing values left out\n", notes.missing,
               notes.missing == 1 ? "" : "s");
}

}  // namespace

void add_import(const Command& program) {
  const Command command = program.add_command("import", description);
  command.require_command();
  const Command lipson = command.add_command("lipson", lipson_description);
  auto lipson_arguments = std::make_shared<LipsonArguments>();
  lipson.add_option("IN", lipson_arguments->input, "text file").required();
  lipson.add_option("-o,--output", lipson_arguments->output, "file to write").required();
  lipson.add_flag("--overwrite", lipson_arguments->overwrite, "replace the file if it exists");
  lipson.on_run([lipson_arguments] { import_lipson(*lipson_arguments); });

  const Command csv = command.add_command("csv", csv_description);
  auto arguments = std::make_shared<Arguments>();
  csv.add_option("IN", arguments->input, "table of text").required();
  csv.add_option("-o,--output", arguments->output, "file to write").required();
  csv.add_option("--time", arguments->time, "column of the time (t or time)");
  csv.add_option("--trial", arguments->trial,
                 "column that tells trials apart (trial, trajectory, run or episode)");
  csv.add_option("--only", arguments->only, "columns that are coordinates: q,p");
  csv.add_option("--without", arguments->without, "columns to leave out");
  csv.add_option("--units", arguments->units,
                 "units of coordinates and of the time: q=rad,p=1/s,t=s; deg becomes rad");
  csv.add_option("--angles", arguments->angles, "angles, whose jumps by a full turn are undone: q");
  csv.add_option("--noise", arguments->noise,
                 "standard deviation of the noise on the states, where derivatives are given")
      .check(number_from_zero("--noise"));
  csv.add_flag("--overwrite", arguments->overwrite, "replace the file if it exists");
  csv.on_run([arguments] { import_csv(*arguments); });
}

}  // namespace noether::cli
