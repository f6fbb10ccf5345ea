#pragma once

// The settings of a table: all that decides its numbers, except the data of its user. They are
// settings as a dataset has them (dataset/make/config.h). They come from flags, --set and a TOML
// file, and are part of run keys and provenance.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "bench/table/table.h"
#include "dataset/make/config.h"
#include "dataset/make/setting.h"

namespace noether::bench {

// What a table is asked to do. Every setting is in `config` as text; lists are also in the members
// below.
struct TableSettings {
  dataset::Config config;
  std::vector<std::uint64_t> seeds = {};
  std::map<std::string, std::vector<double>> axes = {};  // the values of each axis
  std::vector<std::string> rows = {};                    // to be made: as asked, or by default
  bool quick = false;

  // Whether the row is among those asked for.
  bool wants(const std::string& row) const;
  // Whether a setting whose choices are "no" and "yes" is "yes".
  bool is_on(const std::string& key) const { return config.is_on(key); }
  // The settings by their keys, from which make_settings makes the same again.
  dataset::Overrides to_overrides() const;
};

using dataset::switch_setting;

// All settings of a table, with their defaults: seeds, rows, a list for each axis, and
// protocol_settings. The defaults of lists depend on `quick`.
std::vector<dataset::SettingSpec> settings_of(const TableSpec& spec, bool quick);

// `quick` and the table's own. These change the numbers; the other settings only say which numbers
// there are.
std::vector<dataset::SettingSpec> protocol_settings(const TableSpec& spec);

// The defaults with `overrides`. Throws UsageError for a setting, row or value that does not exist,
// that is outside its interval, or that is given twice.
TableSettings make_settings(const TableSpec& spec, const dataset::Overrides& overrides);

// The places on the swept axes: all combinations of their values, the last axis fastest; one place
// without coordinates where no axis is swept.
std::vector<Coordinates> swept_places(const TableSpec& spec, const TableSettings& settings);

// "0,1,2"; a single number is "5,", because "5" alone means five seeds.
std::string list_text(const std::vector<std::uint64_t>& seeds);

}  // namespace noether::bench
