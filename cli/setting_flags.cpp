#include "cli/setting_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "cli/options.h"

namespace noether::cli {
namespace {

using dataset::SettingSpec;

std::string help_of(const SettingSpec& setting) {
  std::string help = setting.description;
  if (!setting.choices.empty()) help += fmt::format(" ({})", fmt::join(setting.choices, "|"));
  if (!setting.unit.empty() && setting.unit != "1") help += fmt::format(" ({})", setting.unit);
  return help;
}

}  // namespace

void add_setting_flags(const Command& command, const std::vector<SettingSpec>& settings,
                       SettingFlags& flags, Defaults defaults) {
  const Check not_empty{[](const std::string& text) { return text.empty() ? "is empty" : ""; }};
  for (const auto& setting : settings) {
    const std::string flag = dataset::flag_of(setting.key);
    if (dataset::is_switch(setting)) {
      command.add_flag(flag, flags.switches[setting.key], setting.description);
      continue;
    }
    const Option option =
        command.add_option(flag, flags.texts[setting.key], help_of(setting)).check(not_empty);
    if (defaults == Defaults::shown) option.show_default(dataset::to_text(setting.default_value));
  }
  add_set(command, flags.set);
  command.add_option("--config", flags.config_file, "TOML file of settings");
}

dataset::Overrides overrides_of(const SettingFlags& flags, const std::vector<SettingSpec>& settings,
                                const std::string& kind, const std::string& name) {
  dataset::Overrides overrides;
  if (!flags.config_file.empty()) {
    overrides = dataset::read_toml_file(flags.config_file).overrides;
    const auto configured = overrides.extract(kind);
    if (!configured.empty() && configured.mapped() != name) {
      throw base::UsageError(fmt::format("'{}' configures '{}', not '{}'", flags.config_file,
                                         configured.mapped(), name));
    }
  }
  for (const auto& [key, text] : parse_set(flags.set)) overrides[key] = text;
  for (const auto& [key, text] : flags.texts) {
    if (text.empty()) continue;
    overrides[key] = text;
    // here the error can name the flag
    const auto setting = std::ranges::find(settings, key, &SettingSpec::key);
    if (setting != settings.end()) parse_setting(*setting, text, dataset::flag_of(key));
  }
  for (const auto& [key, is_on] : flags.switches) {
    if (is_on) overrides[key] = "yes";
  }
  return overrides;
}

dataset::Overrides overrides_of(const SettingFlags& flags,
                                const std::vector<SettingSpec>& settings) {
  return overrides_of(flags, settings, "", "");
}

}  // namespace noether::cli
