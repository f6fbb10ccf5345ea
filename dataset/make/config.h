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

#include "base/random.h"

namespace noether::dataset {

using Integers = std::vector<std::int64_t>;
using Numbers = std::vector<double>;
using SettingValue = std::variant<std::int64_t, std::uint64_t, double, std::string, Integers,
                                  Numbers, base::Uniform>;

// As it is typed: "0.02", "200,200", "U(0.5,2.0)".
std::string to_text(const SettingValue& value);

// One setting: its default decides its type; numbers, those of lists and ends of ranges too, lie in
// [min, max], texts among `choices` where there are any.
struct SettingSpec {
  std::string key;
  SettingValue default_value;
  double min = 0;
  double max = 0;
  std::string unit;
  std::string description;
  std::vector<std::string> choices = {};
  // the setting without which this one means nothing: where that has its default, this may not be
  // set, and files do not name it
  std::string only_with = {};
};

// Whether it is "yes" or "no".
bool is_switch(const SettingSpec& setting);

// Its flag on the command line: "--weight-decay" of weight_decay.
std::string flag_of(std::string_view key);

// `text` as a value of the setting, which errors call `name`. Throws UsageError for a value of the
// wrong type, NaN or infinity, one outside the interval, or an empty list.
SettingValue parse_setting(const SettingSpec& setting, const std::string& text,
                           const std::string& name);

// key -> text as typed ("0.02"), from --set, flags or a TOML file.
using Overrides = std::map<std::string, std::string>;

class Config {
 public:
  // The defaults of `specs` with `overrides` applied. Throws UsageError for an unknown key (naming
  // the nearest), for one that means nothing without another, and where parse_setting does.
  Config(std::string name, const std::vector<SettingSpec>& specs, const Overrides& overrides);

  const std::string& name() const { return name_; }

  std::int64_t integer(std::string_view key) const;
  std::uint64_t seed() const;
  double number(std::string_view key) const;
  const std::string& text(std::string_view key) const;
  const Integers& integers(std::string_view key) const;
  const Numbers& numbers(std::string_view key) const;
  const base::Uniform& range(std::string_view key) const;
  bool is_default(std::string_view key) const;
  bool is_on(std::string_view key) const { return text(key) == "yes"; }  // of a switch

  // Every setting that means something, in the order of the specs; parse_toml reads it back.
  // to_toml begins with the name, as /provenance/config of a dataset does.
  std::string settings_toml() const;
  std::string to_toml() const;

  // The command that makes the same file, naming only what differs from the defaults besides n and
  // seed.
  std::string command_line() const;

  // " --set key=value" for every setting that differs from its default, but those left out.
  std::string set_flags(const std::set<std::string>& left_out) const;

  // " --key value" for every setting that differs from its default; " --key" for a switch.
  std::string flags() const;

 private:
  void check_companions() const;
  bool is_idle(const SettingSpec& spec) const;  // means nothing, see only_with
  std::size_t place(std::string_view key) const;
  const SettingValue& value(std::string_view key) const { return values_[place(key)]; }
  std::string name_;
  std::vector<SettingSpec> specs_;
  std::vector<SettingValue> values_;
};

struct TomlConfig {
  std::string dataset;  // the key `dataset`, "" where it is missing
  Overrides overrides;
};

// Reads "key = value" pairs, lists as "1,2" or [1, 2]; `source` names the text in errors. Throws
// UsageError with the line of the mistake.
TomlConfig parse_toml(std::string_view text, const std::string& source);
TomlConfig read_toml_file(const std::filesystem::path& path);

// "key: 0 there, 1 here" for every key whose value differs between two texts of Config::to_toml.
std::vector<std::string> config_differences(const std::string& there, const std::string& here);

}  // namespace noether::dataset
