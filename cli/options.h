#pragma once

// Options that several verbs share, so that they mean the same everywhere.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "dataset/make/config.h"
#include "dataset/make/generate.h"

namespace noether::cli {

// Flags of everything that writes a dataset file.
struct OutputOptions {
  std::string path;
  int jobs = 0;
  bool overwrite = false;
  bool resume = false;
  std::string input = {};  // what is read, never to be replaced
};

// -j, --jobs; `promise` is the end of its help, "never changes a byte"
void add_jobs(const Command& command, int& jobs, const std::string& promise);

// All of OutputOptions but `input`. Returns --output, to say whether it is required.
Option add_output(const Command& command, OutputOptions& options);

// For Option::check: the whole text is a number above 0, or one of at least 0 that is finite.
// `option` stands in the error, "--tol: 'x' is not a number".
Check positive_number(const std::string& option);
Check number_from_zero(const std::string& option);

// --json
void add_json(const Command& command, bool& json);

// --set key=value, repeatable, and what was given with it; throws UsageError for another form.
void add_set(const Command& command, std::vector<std::string>& settings);
dataset::Overrides parse_set(const std::vector<std::string>& settings);

// What was given with --set, and by flags of their own: each key with its text. Throws UsageError
// where both state one setting.
using NamedFlags = std::vector<std::pair<std::string, std::optional<std::string>>>;
dataset::Overrides with_flags(const std::vector<std::string>& settings, const NamedFlags& flags);

// Generates with a progress bar and says on stdout what was made.
void run_generate(const dataset::Recipe& recipe, const OutputOptions& options);

}  // namespace noether::cli
