#include "bench/table/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/text.h"

namespace noether::bench {
namespace {

using dataset::Overrides;
using dataset::SettingSpec;

template <class T>
void check_distinct(const std::vector<T>& values, const std::string& what) {
  if (std::set<T>(values.begin(), values.end()).size() != values.size())
    throw base::UsageError(fmt::format("{}: one is given twice", what));
}

void check_whole(const std::vector<double>& values, const std::string& what) {
  for (const double value : values) {
    if (value != std::floor(value))
      throw base::UsageError(fmt::format("{} = {}: must be a whole number", what, value));
  }
}

// "8" seeds are the first eight, "8," is one
std::vector<std::uint64_t> parse_seeds(const std::string& text) {
  std::vector<std::uint64_t> seeds;
  if (text.find(',') != std::string::npos) {
    for (const auto& word : base::split_commas(text))
      seeds.push_back(base::parse_unsigned(word, "seeds"));
  } else {
    constexpr std::uint64_t most = 10000;
    const std::uint64_t count = base::parse_unsigned(text, "seeds");
    if (count < 1 || count > most)
      throw base::UsageError(fmt::format("seeds: {} is not from 1 to {}", count, most));
    for (std::uint64_t seed = 0; seed < count; ++seed) seeds.push_back(seed);
  }
  check_distinct(seeds, "seeds");
  return seeds;
}

constexpr const char* all_rows = "all";

// The names of the rows that are made by default, or of the others.
std::vector<std::string> row_names(const TableSpec& spec, bool by_default) {
  std::vector<std::string> names;
  for (const RowSpec& row : spec.rows) {
    if (row.by_default == by_default) names.push_back(row.name);
  }
  return names;
}

std::vector<std::string> parse_rows(const std::string& text, const TableSpec& spec) {
  std::vector<std::string> known;
  for (const RowSpec& row : spec.rows) known.push_back(row.name);
  if (text == all_rows) return known;
  const auto rows = base::split_commas(text);
  for (const std::string& row : rows) {
    if (std::ranges::find(known, row) == known.end())
      throw base::UsageError(base::unknown_name("row", row, known));
  }
  return rows;
}

std::string rows_description(const TableSpec& spec) {
  const auto unasked = row_names(spec, false);
  if (unasked.empty()) return "those to make, separated by commas; all unless given";
  return fmt::format("those to make, separated by commas, or 'all'; all but {} unless given",
                     fmt::join(unasked, ", "));
}

}  // namespace

bool TableSettings::wants(const std::string& row) const {
  return std::ranges::find(rows, row) != rows.end();
}

Overrides TableSettings::to_overrides() const {
  return dataset::parse_toml(config.to_toml(), config.name()).overrides;
}

std::string list_text(const std::vector<std::uint64_t>& seeds) {
  return fmt::format("{}{}", fmt::join(seeds, ","), seeds.size() == 1 ? "," : "");
}

std::vector<SettingSpec> protocol_settings(const TableSpec& spec) {
  std::vector<SettingSpec> settings{switch_setting(
      "quick", "few seeds and few steps, to see that all works; the numbers are no results")};
  settings.insert(settings.end(), spec.settings.begin(), spec.settings.end());
  return settings;
}

std::vector<SettingSpec> settings_of(const TableSpec& spec, bool quick) {
  std::vector<SettingSpec> settings{
      dataset::text_setting("seeds", std::to_string(quick ? spec.quick_seeds : spec.seeds),
                            "how many (8), or which (0,3,5; a single one with a comma: 3,)"),
      dataset::text_setting("rows", "", rows_description(spec))};
  for (const Axis& axis : spec.axes) {
    const auto& values = quick && !axis.quick_values.empty() ? axis.quick_values : axis.values;
    settings.push_back(
        {axis.name, values, axis.min, axis.max, axis.unit,
         fmt::format("{}: a list such as {}", axis.description, dataset::to_text(axis.values))});
  }
  for (SettingSpec& setting : protocol_settings(spec)) settings.push_back(std::move(setting));
  return settings;
}

TableSettings make_settings(const TableSpec& spec, const Overrides& overrides) {
  const auto asked = overrides.find("quick");
  const auto specs = settings_of(spec, asked != overrides.end() && asked->second == "yes");
  const dataset::Config typed(spec.name, specs, overrides);
  const auto seeds = parse_seeds(typed.text("seeds"));
  const auto rows = parse_rows(typed.text("rows"), spec);
  std::map<std::string, std::vector<double>> axes;
  // equal lists are equal texts
  Overrides written = overrides;
  written["seeds"] = list_text(seeds);
  written["rows"] = fmt::format("{}", fmt::join(rows, ","));
  for (const Axis& axis : spec.axes) {
    axes[axis.name] = typed.numbers(axis.name);
    check_distinct(axes[axis.name], axis.name);
    if (axis.is_whole) check_whole(axes[axis.name], axis.name);
  }
  TableSettings settings{.config = {spec.name, specs, written},
                         .seeds = seeds,
                         .axes = axes,
                         .rows = rows.empty() ? row_names(spec, true) : rows};
  settings.quick = settings.is_on("quick");
  return settings;
}

std::vector<Coordinates> swept_places(const TableSpec& spec, const TableSettings& settings) {
  std::vector<Coordinates> places{{}};
  for (const Axis& axis : spec.axes) {
    if (!axis.is_swept) continue;
    std::vector<Coordinates> longer;
    for (const Coordinates& place : places) {
      for (const double value : settings.axes.at(axis.name)) {
        longer.push_back(place);
        longer.back()[axis.name] = value;
      }
    }
    places = std::move(longer);
  }
  return places;
}

}  // namespace noether::bench
