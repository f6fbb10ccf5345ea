#include "dataset/make/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "dataset/make/setting.h"
#include "sim/system.h"

namespace noether::dataset {
namespace {

// the states that are made at a time, of one episode or one pack of trajectories, are held in
// memory
void check_memory(const Config& config, double bytes) {
  constexpr double most = 256 << 20;
  if (bytes > most) {
    throw base::UsageError(
        fmt::format("steps = {}: the states of {} that are made at a time are more than {}",
                    config.integer("steps"), base::format_bytes(bytes), base::format_bytes(most)));
  }
}

}  // namespace

const std::vector<DatasetSpec>& all_datasets() {
  static const std::vector<DatasetSpec> specs = [] {
    std::vector<DatasetSpec> all;
    for (const Kind& kind : all_kinds()) {
      if (kind.making) std::ranges::move(kind.making->datasets(), std::back_inserter(all));
    }
    return all;
  }();
  return specs;
}

const DatasetSpec* known_dataset(std::string_view name) {
  static const std::vector<DatasetSpec> more = [] {
    std::vector<DatasetSpec> all;
    for (const Kind& kind : all_kinds()) {
      if (kind.making && kind.making->more_datasets != nullptr)
        std::ranges::move(kind.making->more_datasets(), std::back_inserter(all));
    }
    return all;
  }();
  for (const auto* specs : {&all_datasets(), &more}) {
    const auto found = std::ranges::find(*specs, name, &DatasetSpec::name);
    if (found != specs->end()) return &*found;
  }
  return nullptr;
}

const DatasetSpec& find_dataset(std::string_view name) {
  if (const DatasetSpec* spec = known_dataset(name)) return *spec;
  sim::check_bodies(name);
  throw base::UsageError(base::unknown_name("dataset", name, names_of(all_datasets())));
}

Config make_config(std::string_view name, const Overrides& overrides) {
  const DatasetSpec& spec = find_dataset(name);
  const Making& making = making_of(spec);
  Config config(spec.name, spec.settings, making.settle(spec, overrides));
  if (config.number("train_share") + config.number("valid_share") > 1) {
    throw base::UsageError("train_share and valid_share add up to more than 1");
  }
  check_memory(config, making.bytes_at_a_time(config));
  making.check(config);
  return config;
}

}  // namespace noether::dataset
