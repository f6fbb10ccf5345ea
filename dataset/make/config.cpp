#include "dataset/make/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <sstream>

// messages with line and column, as exceptions
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "base/error.h"
#include "base/text.h"

namespace noether::dataset {
namespace {

using base::UsageError;

std::string toml_literal(const SettingValue& value) {
  const auto* range = std::get_if<base::Uniform>(&value);
  const bool is_number =
      (range != nullptr && range->is_number()) || std::holds_alternative<std::int64_t>(value) ||
      std::holds_alternative<std::uint64_t>(value) || std::holds_alternative<double>(value);
  return is_number ? to_text(value) : '"' + to_text(value) + '"';
}

void check_interval(const SettingSpec& spec, double value, const std::string& text,
                    const std::string& name) {
  if (std::isfinite(value) && value >= spec.min && value <= spec.max) return;
  throw UsageError(fmt::format("{} = {}: must lie in [{:g}, {:g}]{}", name, text, spec.min,
                               spec.max,
                               spec.unit.empty() || spec.unit == "1" ? "" : " " + spec.unit));
}

// `text` in the type of the default, checked
struct Parse {
  const SettingSpec& spec;
  const std::string& text;
  const std::string& name;

  SettingValue operator()(std::int64_t) const {
    const std::int64_t value = base::parse_integer(text, name);
    check_interval(spec, static_cast<double>(value), text, name);
    return value;
  }
  SettingValue operator()(std::uint64_t) const {
    const std::uint64_t value = base::parse_unsigned(text, name);
    constexpr auto most = std::numeric_limits<std::int64_t>::max();  // of an integer in TOML
    if (value > static_cast<std::uint64_t>(most))
      throw UsageError(fmt::format("{} = {}: must lie in [0, {}]", name, text, most));
    return value;
  }
  SettingValue operator()(double) const {
    const double value = base::parse_double(text, name);
    check_interval(spec, value, text, name);
    return value;
  }
  SettingValue operator()(const std::string&) const {
    if (!spec.choices.empty() && std::ranges::find(spec.choices, text) == spec.choices.end()) {
      throw UsageError(base::unknown_name(name, text, spec.choices));
    }
    return text;
  }
  SettingValue operator()(const base::Uniform&) const {
    if (!text.starts_with("U(") || !text.ends_with(")")) {
      const double value = std::get<double>((*this)(0.0));
      return base::Uniform{value, value};
    }
    const auto ends = base::split_commas(std::string_view(text).substr(2, text.size() - 3));
    if (ends.size() != 2)
      throw UsageError(fmt::format("{} = {}: expected a number or U(low,high)", name, text));
    const base::Uniform range{base::parse_double(ends[0], name), base::parse_double(ends[1], name)};
    check_interval(spec, range.low, text, name);
    check_interval(spec, range.high, text, name);
    if (range.low > range.high)
      throw UsageError(fmt::format("{} = {}: the range is inverted", name, text));
    return range;
  }
  template <class T>
  SettingValue operator()(const std::vector<T>&) const {
    std::vector<T> values;
    for (const std::string& word : base::split_commas(text))
      values.push_back(std::get<T>(Parse{spec, word, name}(T{})));
    if (values.empty()) throw UsageError(fmt::format("{}: there are none", name));
    return values;
  }
};

// for a shell: a formula is one word
std::string quoted(const std::string& text) {
  const bool is_plain = text.find_first_of(" ()*^<>") == std::string::npos;
  return is_plain ? text : '"' + text + '"';
}

template <class Node>
std::string setting_text(const Node& node, const std::string& key, const std::string& source) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return fmt::format("{}", integer->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* list = node.as_array()) {
    std::vector<std::string> texts;
    for (const auto& element : *list) texts.push_back(setting_text(element, key, source));
    return fmt::format("{}", fmt::join(texts, ","));
  }
  throw UsageError(fmt::format("'{}', line {}: '{}' must be a number or a text", source,
                               node.source().begin.line, key));
}

}  // namespace

std::string to_text(const SettingValue& value) {
  return std::visit(
      []<class T>(const T& typed) {
        if constexpr (std::is_same_v<T, double>) {
          return base::format_double(typed);
        } else if constexpr (std::is_same_v<T, base::Uniform>) {
          const std::string low = base::format_double(typed.low);
          return typed.is_number() ? low
                                   : fmt::format("U({},{})", low, base::format_double(typed.high));
        } else if constexpr (std::is_same_v<T, Integers> || std::is_same_v<T, Numbers>) {
          return fmt::format("{}", fmt::join(typed, ","));
        } else {
          return fmt::format("{}", typed);
        }
      },
      value);
}

bool is_switch(const SettingSpec& setting) {
  return setting.choices == std::vector<std::string>{"no", "yes"};
}

std::string flag_of(std::string_view key) {
  std::string flag = fmt::format("--{}", key);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

SettingValue parse_setting(const SettingSpec& setting, const std::string& text,
                           const std::string& name) {
  return std::visit(Parse{setting, text, name}, setting.default_value);
}

Config::Config(std::string name, const std::vector<SettingSpec>& specs, const Overrides& overrides)
    : name_(std::move(name)), specs_(specs) {
  for (const auto& override : overrides) {
    const std::string& key = override.first;
    const bool known =
        std::ranges::any_of(specs, [&](const auto& spec) { return spec.key == key; });
    if (known) continue;
    std::vector<std::string> keys;
    for (const auto& spec : specs) keys.push_back(spec.key);
    throw UsageError(fmt::format("{}: {}", name_, base::unknown_name("setting", key, keys)));
  }
  for (const auto& spec : specs) {
    const auto found = overrides.find(spec.key);
    values_.push_back(found == overrides.end() ? spec.default_value
                                               : parse_setting(spec, found->second, spec.key));
  }
  check_companions();
}

bool Config::is_idle(const SettingSpec& spec) const {
  return !spec.only_with.empty() && is_default(spec.only_with);
}

void Config::check_companions() const {
  for (const auto& spec : specs_) {
    if (!is_idle(spec) || is_default(spec.key)) continue;
    throw UsageError(fmt::format("{} = {}: means nothing without {}", spec.key,
                                 to_text(value(spec.key)), spec.only_with));
  }
}

std::size_t Config::place(std::string_view key) const {
  const auto found = std::ranges::find(specs_, key, &SettingSpec::key);
  if (found == specs_.end()) throw UsageError(fmt::format("{} has no setting '{}'", name_, key));
  return static_cast<std::size_t>(found - specs_.begin());
}

bool Config::is_default(std::string_view key) const {
  return value(key) == specs_[place(key)].default_value;
}

std::int64_t Config::integer(std::string_view key) const {
  return std::get<std::int64_t>(value(key));
}
std::uint64_t Config::seed() const { return std::get<std::uint64_t>(value("seed")); }
double Config::number(std::string_view key) const { return std::get<double>(value(key)); }
const std::string& Config::text(std::string_view key) const {
  return std::get<std::string>(value(key));
}
const Integers& Config::integers(std::string_view key) const {
  return std::get<Integers>(value(key));
}
const base::Uniform& Config::range(std::string_view key) const {
  return std::get<base::Uniform>(value(key));
}
const Numbers& Config::numbers(std::string_view key) const { return std::get<Numbers>(value(key)); }

std::string Config::to_toml() const {
  return fmt::format("dataset = \"{}\"\n{}", name_, settings_toml());
}

std::string Config::settings_toml() const {
  std::string text;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (is_idle(specs_[i])) continue;
    text += fmt::format("{} = {}\n", specs_[i].key, toml_literal(values_[i]));
  }
  return text;
}

std::string Config::command_line() const {
  std::string command = fmt::format("noether generate {} --n {}", name_, integer("n"));
  const bool has_steps = std::ranges::find(specs_, "steps", &SettingSpec::key) != specs_.end();
  if (has_steps && !is_default("steps")) {
    command += fmt::format(" --steps {}", integer("steps"));
  }
  return command + fmt::format(" --seed {}", seed()) + set_flags({"n", "steps", "seed"});
}

std::string Config::set_flags(const std::set<std::string>& left_out) const {
  std::string flags;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    const bool changed = values_[i] != specs_[i].default_value;
    if (changed && !left_out.contains(specs_[i].key)) {
      flags += fmt::format(" --set {}={}", specs_[i].key, quoted(to_text(values_[i])));
    }
  }
  return flags;
}

std::string Config::flags() const {
  std::string flags;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (values_[i] == specs_[i].default_value) continue;
    flags += " " + flag_of(specs_[i].key);
    if (!is_switch(specs_[i])) flags += " " + quoted(to_text(values_[i]));
  }
  return flags;
}

TomlConfig parse_toml(std::string_view text, const std::string& source) {
  toml::table table;
  try {
    table = toml::parse(text, source);
  } catch (const toml::parse_error& error) {
    throw UsageError(
        fmt::format("'{}', line {}: {}", source, error.source().begin.line, error.description()));
  }
  TomlConfig config;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const std::string value = setting_text(node, name, source);
    if (name == "dataset") {
      config.dataset = value;
    } else {
      config.overrides[name] = value;
    }
  }
  return config;
}

TomlConfig read_toml_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    throw base::DataError(fmt::format("'{}' cannot be read", path.string()));
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_toml(text, path.string());
}

std::vector<std::string> config_differences(const std::string& there, const std::string& here) {
  TomlConfig a = parse_toml(there, "there");
  TomlConfig b = parse_toml(here, "here");
  a.overrides["dataset"] = a.dataset;
  b.overrides["dataset"] = b.dataset;
  std::vector<std::string> differences;
  for (const auto& [key, value] : b.overrides) {
    const auto other = a.overrides.find(key);
    const std::string old = other == a.overrides.end() ? "not set" : other->second;
    if (old != value) differences.push_back(fmt::format("{}: {} there, {} here", key, old, value));
  }
  return differences;
}

}  // namespace noether::dataset
