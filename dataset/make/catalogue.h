#pragma once

// Every dataset that can be generated, with its settings.

#include <string_view>
#include <vector>

#include "dataset/make/config.h"
#include "dataset/make/kind.h"

namespace noether::dataset {

const std::vector<DatasetSpec>& all_datasets();

// The dataset of that name, also where it is not listed (n-body-5); nothing where there is none.
const DatasetSpec* known_dataset(std::string_view name);

// The same; throws UsageError naming the nearest.
const DatasetSpec& find_dataset(std::string_view name);

// The configuration of a dataset: its defaults with `overrides`, among which `dt` may stand in
// place of `t_end`. Throws UsageError for anything that makes no sense, such as t_end before
// t_start.
Config make_config(std::string_view name, const Overrides& overrides);

}  // namespace noether::dataset
