#include "cli/setting_flags.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "cli/options.h"

namespace noether::cli {

void add_setting_flags(const Command& command, const std::vector<dataset::SettingSpec>& settings,
                       SettingFlags& flags) {
  const Check not_empty{[](const std::string& text) { return text.empty() ? "is empty" : ""; }};
  for (const auto& setting : settings) {
    std::string flag = "--" + setting.key;
    std::ranges::replace(flag, '_', '-');
    if (setting.choices == std::vector<std::string>{"no", "yes"}) {
      command.add_flag(flag, flags.switches[setting.key], setting.description);
    } else {
      command.add_option(flag, flags.texts[setting.key], setting.description).check(not_empty);
    }
  }
  add_set(command, flags.set);
  command.add_option("--config", flags.config_file, "TOML file of settings");
}

dataset::Overrides overrides_of(const SettingFlags& flags, const std::string& kind,
                                const std::string& name) {
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
    if (!text.empty()) overrides[key] = text;
  }
  for (const auto& [key, is_on] : flags.switches) {
    if (is_on) overrides[key] = "yes";
  }
  return overrides;
}

}  // namespace noether::cli
