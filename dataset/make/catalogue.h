#pragma once

// Every dataset that can be generated, with its settings.

#include <string>
#include <string_view>
#include <vector>

#include "dataset/make/config.h"

namespace noether::dataset {

struct DatasetSpec {
  std::string name;    // "pendulum"
  std::string title;   // one line for people
  std::string schema;  // "noether/trajectories"
  std::string equations;
  std::string citation;
  std::vector<SettingSpec> settings;
};

inline constexpr std::string_view pixel_pendulum = "pixel-pendulum";

const std::vector<DatasetSpec>& all_datasets();

// The dataset of that name; throws UsageError naming the nearest.
const DatasetSpec& find_dataset(std::string_view name);

// The configuration of a dataset: its defaults with `overrides`, among which `dt` may stand in
// place of `t_end`. Throws UsageError for anything that makes no sense, such as t_end before
// t_start.
Config make_config(std::string_view name, const Overrides& overrides);

}  // namespace noether::dataset
