#pragma once

// What decides every byte of a dataset: named settings with defaults, intervals and units, resolved
// from flags, a TOML file and the defaults, in this order of precedence.

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace noether::dataset {

using SettingValue = std::variant<std::int64_t, std::uint64_t, double, std::string>;

// One setting: its default decides its type; numbers lie in [min, max], texts among `choices` where
// there are any.
struct SettingSpec {
  std::string key;
  SettingValue default_value;
  double min = 0;
  double max = 0;
  std::string unit;
  std::string description;
  std::vector<std::string> choices = {};
};

// key -> text as typed ("0.02"), from --set, flags or a TOML file.
using Overrides = std::map<std::string, std::string>;

class Config {
 public:
  // The defaults of `specs` with `overrides` applied. Throws UsageError for an unknown key (naming
  // the nearest), a value of the wrong type, NaN or infinity, or one outside its interval.
  Config(std::string name, const std::vector<SettingSpec>& specs, const Overrides& overrides);

  const std::string& name() const { return name_; }

  std::int64_t integer(std::string_view key) const;
  std::uint64_t seed() const;
  double number(std::string_view key) const;
  const std::string& text(std::string_view key) const;

  // Every setting, in the order of the specs: what /provenance/config holds; from_toml reads it
  // back.
  std::string to_toml() const;

  // The command that makes the same file, naming only what differs from the defaults besides n and
  // seed.
  std::string command_line() const;

  // " --set key=value" for every setting that differs from its default, but those left out.
  std::string set_flags(const std::set<std::string>& left_out) const;

 private:
  const SettingValue& value(std::string_view key) const;
  std::string name_;
  std::vector<SettingSpec> specs_;
  std::vector<SettingValue> values_;
};

struct TomlConfig {
  std::string dataset;  // the key `dataset`, "" where it is missing
  Overrides overrides;
};

// Reads "key = value" pairs; `source` names the text in errors. Throws UsageError with the line of
// the mistake.
TomlConfig parse_toml(std::string_view text, const std::string& source);
TomlConfig read_toml_file(const std::filesystem::path& path);

// "key: 0 there, 1 here" for every key whose value differs between two texts of Config::to_toml.
std::vector<std::string> config_differences(const std::string& there, const std::string& here);

}  // namespace noether::dataset
