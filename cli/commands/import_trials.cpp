#include "cli/commands/import_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/text_file.h"
#include "cli/options.h"
#include "cli/warning.h"
#include "dataset/exchange/import_trials.h"
#include "dataset/recording/recorded_times.h"
#include "dataset/store/writer.h"

namespace noether::cli {
namespace {

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

// --units q=deg,p=1/s,t=s: degrees become radians. Returns the unit of the time.
std::string apply_units(dataset::Trials& trials, const std::string& units,
                        const std::string& time) {
  std::string time_unit;
  for (const std::string& word : base::split_commas(units)) {
    const auto sign = word.find('=');
    if (sign == std::string::npos)
      throw base::UsageError(fmt::format("--units: '{}' is not of the form coordinate=unit", word));
    const std::string name = word.substr(0, sign);
    std::string unit = word.substr(sign + 1);
    if (name == time ||
        ((name == "t" || name == "time") && std::ranges::count(trials.coordinates, name) == 0)) {
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
    warn(
        fmt::format("{}: if it is an angle, --angles undoes that; --units NAME=deg says that it is "
                    "in degrees",
                    *jump));
}

std::string found_noise(const dataset::Trials& trials, const dataset::KnownMotion& known) {
  std::vector<std::string> words;
  for (std::size_t j = 0; j < known.noise.size(); ++j)
    words.push_back(fmt::format("{} {:.2g}", trials.coordinates[j], known.noise[j]));
  return base::join(words);
}

// Given derivatives that are not those of the values, and noise that differs.
void warn_of_misfits(const dataset::Trials& trials, const dataset::KnownMotion& known) {
  for (std::size_t j = 0; j < known.misfit.size(); ++j) {
    if (known.misfit[j] < 0.01) continue;
    warn(
        fmt::format("the given derivative of {} is not that of its values: its integral is off by "
                    "{:.0f} % of their steps",
                    trials.coordinates[j], 100 * known.misfit[j]));
  }
  if (known.method != dataset::as_given) return;
  const auto [least, most] = std::ranges::minmax(known.noise);
  if (most > 3 * least)
    warn("the noise differs between coordinates; denoising takes one number for all, its rms");
}

// "61", or "40 to 61"
std::string lengths_text(const dataset::Trials& trials) {
  const auto [least, most] = std::ranges::minmax(
      trials.trials, {}, [](const dataset::Trial& trial) { return trial.times.size(); });
  if (least.times.size() == most.times.size()) return fmt::format("{}", most.times.size());
  return fmt::format("{} to {}", least.times.size(), most.times.size());
}

// What tells one result from another, without paths.
std::string command_line_of(const ImportArguments& arguments, const ImportSource& source) {
  std::string line = fmt::format("noether import {}{}", source.format, source.flags);
  if (!arguments.units.empty()) line += fmt::format(" --units '{}'", arguments.units);
  if (!arguments.angles.empty()) line += fmt::format(" --angles '{}'", arguments.angles);
  return arguments.noise >= 0 ? line + fmt::format(" --noise {}", arguments.noise) : line;
}

}  // namespace

void add_import_flags(const Command& command, ImportArguments& arguments,
                      const std::string& input) {
  command.add_option("IN", arguments.input, input).required();
  command.add_option("-o,--output", arguments.output, "file to write").required();
  command.add_option("--units", arguments.units,
                     "units of coordinates and of the time: q=rad,p=1/s,t=s; deg becomes rad");
  command.add_option("--angles", arguments.angles,
                     "angles, whose jumps by a full turn are undone: q");
  command
      .add_option("--noise", arguments.noise,
                  "standard deviation of the noise on the states (it is estimated)")
      .check(number_from_zero("--noise"));
  command.add_flag("--overwrite", arguments.overwrite, "replace the file if it exists");
}

void import_trials(dataset::Trials trials, const ImportArguments& arguments,
                   const ImportSource& source) {
  const std::size_t missing = source.missing + leave_out_missing(trials);
  check_trials(trials);
  const bool was_rounded = undo_rounding(trials);
  const auto [gaps, lost] = cut_at_gaps(trials);
  const std::string time_unit = apply_units(trials, arguments.units, source.time);
  apply_angles(trials, arguments.angles);
  base::check_output_file(arguments.output, arguments.overwrite, arguments.input);
  const dataset::ImportedFile made = dataset::imported_file(
      trials, {.format = source.format,
               .command_line = command_line_of(arguments, source),
               .source_sha256 = base::sha256_hex(base::read_text(arguments.input)),
               .time_unit = time_unit,
               .noise = arguments.noise >= 0 ? std::optional(arguments.noise) : std::nullopt});
  dataset::write_locked_dataset(made.layout, arguments.output,
                                {arguments.overwrite, arguments.input});
  const std::string error =
      made.known.relative_error > 0
          ? fmt::format(", relative error about {:.1g}", made.known.relative_error)
          : "";
  const auto counted = [](std::size_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  fmt::print("{}: written, {} of {} points: {}; derivatives: {}{}\n", arguments.output,
             counted(trials.trials.size(), gaps == 0 ? "trial" : "piece"), lengths_text(trials),
             base::join(trials.coordinates), made.known.method, error);
  if (was_rounded) fmt::print("times are even but for rounding, which was undone\n");
  if (missing > 0) fmt::print("{} with missing values left out\n", counted(missing, "point"));
  if (gaps > 0) fmt::print("{}: a trial is cut there\n", counted(gaps, "gap"));
  if (lost > 0)
    fmt::print("{} left out, between gaps with fewer than four\n", counted(lost, "point"));
  if (arguments.noise < 0 && std::ranges::max(made.known.noise) > 0)
    fmt::print("noise found: {}\n", found_noise(trials, made.known));
  warn_of_misfits(trials, made.known);
  if (trials.parameters.empty()) return;
  std::vector<std::string> names;
  for (const auto& parameter : trials.parameters) names.push_back(parameter.name);
  fmt::print("constant along each trial, kept as parameters: {}\n", base::join(names));
}

}  // namespace noether::cli
