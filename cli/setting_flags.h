#pragma once

// Settings (dataset/make/config.h) on the command line: a flag each, --set and --config.

#include <map>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "dataset/make/config.h"

namespace noether::cli {

struct SettingFlags {
  std::string config_file;
  std::vector<std::string> set;              // key=value
  std::map<std::string, std::string> texts;  // of settings with a value, by key; "": not given
  std::map<std::string, bool> switches;      // of those whose choices are "no" and "yes"
};

// Adds --set, --config and for each setting a flag: its key, with - for _.
void add_setting_flags(const Command& command, const std::vector<dataset::SettingSpec>& settings,
                       SettingFlags& flags);

// What was given: a flag is stronger than --set, and --set than the file. A file whose key `kind`
// ("table") names anything but `name` is refused; throws UsageError.
dataset::Overrides overrides_of(const SettingFlags& flags, const std::string& kind,
                                const std::string& name);

}  // namespace noether::cli
