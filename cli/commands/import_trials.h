#pragma once

// What all imports of trials have in common: their flags, and what is made of the trials.

#include <string>

#include "cli/command_line.h"
#include "dataset/recording/trials.h"

namespace noether::cli {

struct ImportArguments {
  std::string input;
  std::string output;
  std::string units, angles;
  double noise = -1;  // not stated
  bool overwrite = false;
};

// IN, --output, --units, --angles, --noise and --overwrite.
void add_import_flags(const Command& command, ImportArguments& arguments, const std::string& input);

// Where trials come from.
struct ImportSource {
  std::string format;       // "csv"
  std::string flags;        // of the command line, those of the format
  std::string time = "t";   // how --units names the time
  std::size_t missing = 0;  // points that the reader left out already
};

// Applies the flags, writes the dataset, and says on stdout what was made.
void import_trials(dataset::Trials trials, const ImportArguments& arguments,
                   const ImportSource& source);

}  // namespace noether::cli
