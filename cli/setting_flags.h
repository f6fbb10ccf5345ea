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
  std::map<std::string, bool> switches;
};

// Adds --set, --config and for each setting a flag. The help shows the defaults where they are
// always the same.
enum class Defaults { shown, hidden };
void add_setting_flags(const Command& command, const std::vector<dataset::SettingSpec>& settings,
                       SettingFlags& flags, Defaults defaults = Defaults::shown);

// What was given: a flag is stronger than --set, and --set than the file. Throws UsageError where a
// flag is no value of its setting; other values are not checked yet.
dataset::Overrides overrides_of(const SettingFlags& flags,
                                const std::vector<dataset::SettingSpec>& settings);

// The same, where a file may say in the key `kind` ("table") whose settings it has. A file of
// another than `name` is refused; throws UsageError.
dataset::Overrides overrides_of(const SettingFlags& flags,
                                const std::vector<dataset::SettingSpec>& settings,
                                const std::string& kind, const std::string& name);

}  // namespace noether::cli
