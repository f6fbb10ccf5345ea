#pragma once

// The first run of a table with --quick, to make its problems by hand.

#include <filesystem>
#include <string>

#include "bench/tables/tables.h"

namespace noether::bench {

inline const ReportStep silent = [](std::string_view) {};

class QuickRun {
 public:
  explicit QuickRun(const std::string& table, dataset::Overrides overrides = {})
      : spec_(find_table(table).spec), settings_(made(spec_, std::move(overrides))) {}

  RunContext context(std::uint64_t seed = 0) const {
    return {settings_, no_data_, swept_places(spec_, settings_).front(), seed, silent};
  }

 private:
  static TableSettings made(const TableSpec& spec, dataset::Overrides overrides) {
    overrides["quick"] = "yes";
    return make_settings(spec, overrides);
  }

  const TableSpec& spec_;
  TableSettings settings_;
  std::filesystem::path no_data_ = {};
};

}  // namespace noether::bench
