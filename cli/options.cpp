#include "cli/options.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/progress.h"
#include "base/text.h"

namespace noether::cli {

void add_jobs(const Command& command, int& jobs, const std::string& promise) {
  command.add_option("-j,--jobs", jobs, "threads, 0 for one per processor; " + promise)
      .from_to(0, 1024);
}

Option add_output(const Command& command, OutputOptions& options) {
  const Option output = command.add_option("-o,--output", options.path, "file to write");
  add_jobs(command, options.jobs, "never changes a byte");
  command.add_flag("--overwrite", options.overwrite, "replace the file if it exists");
  command.add_flag("--resume", options.resume,
                   "continue what an interrupted run left in FILE.partial");
  return output;
}

Check positive_number(const std::string& option) {
  return {[option](const std::string& text) {
            const bool fits = base::parse_double(text, option) > 0;
            return fits ? "" : fmt::format("'{}' is not positive", text);
          },
          "POSITIVE"};
}

Check number_from_zero(const std::string& option) {
  return {[option](const std::string& text) {
            const double value = base::parse_double(text, option);
            const bool fits = value >= 0 && std::isfinite(value);
            return fits ? "" : fmt::format("'{}' is not a finite number of at least 0", text);
          },
          "NONNEGATIVE"};
}

void add_json(const Command& command, bool& json) {
  command.add_flag("--json", json, "print JSON for programs");
}

void add_set(const Command& command, std::vector<std::string>& settings) {
  command.add_option("--set", settings, "key=value, any setting; may be repeated").one_value_each();
}

dataset::Overrides parse_set(const std::vector<std::string>& settings) {
  dataset::Overrides overrides;
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw base::UsageError(fmt::format("--set {}: must have the form key=value", setting));
    }
    overrides[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return overrides;
}

dataset::Overrides with_flags(const std::vector<std::string>& settings, const NamedFlags& flags) {
  dataset::Overrides overrides = parse_set(settings);
  for (const auto& [key, text] : flags) {
    if (!text || overrides.try_emplace(key, *text).second) continue;
    throw base::UsageError(fmt::format("{} and --set {} state the same thing: give one of them",
                                       dataset::flag_of(key), key));
  }
  return overrides;
}

void run_generate(const dataset::Recipe& recipe, const OutputOptions& options) {
  std::string phase;
  std::unique_ptr<base::Progress> bar;
  const auto on_progress = [&](const char* now, std::int64_t done, std::int64_t total) {
    if (phase != now) {
      phase = now;
      bar.reset();
      bar = std::make_unique<base::Progress>(phase, total);
    }
    bar->update(done);
  };
  const auto start = std::chrono::steady_clock::now();
  dataset::Outcome outcome{};
  try {
    outcome = dataset::generate(recipe, options.path,
                                {.jobs = options.jobs,
                                 .overwrite = options.overwrite,
                                 .resume = options.resume,
                                 .input = options.input,
                                 .on_progress = on_progress});
  } catch (const base::Interrupted&) {
    throw base::Interrupted(
        fmt::format("interrupted; the same command with --resume continues '{}'",
                    dataset::partial_path(options.path).string()));
  }
  bar.reset();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto size = static_cast<double>(std::filesystem::file_size(options.path));
  const char* const verb =
      outcome == dataset::Outcome::already_complete ? "was already complete" : "written";
  fmt::print("{}: {}, {} samples, {}, {:.1f} s\n", options.path, verb, recipe.samples,
             base::format_bytes(size), seconds);
}

}  // namespace noether::cli
