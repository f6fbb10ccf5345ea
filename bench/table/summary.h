#pragma once

// Records of one quantity over its seeds.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/table/record.h"
#include "bench/table/statistics.h"

namespace noether::bench {

// A number of a table: a metric of a row over seeds, or its ratio to that of another row.
struct Quantity {
  std::string row = {};
  std::string against = {};  // "": the mean of the metric itself; else the geometric mean of ratios
  double noise = 0;
  double horizon = 0;
  std::string metric = "rmse";
};

// "meta-oracle / control: rmse at 3.0, noise 0.1"
std::string describe(const Quantity& quantity);

// The metric of quantity.row, one value a seed, in the order of seeds.
std::map<std::uint64_t, double> values_by_seed(std::span<const Record> records,
                                               const Quantity& quantity);
std::vector<double> values_of(const std::map<std::uint64_t, double>& by_seed);

// The ratio to quantity.against over the seeds that both rows have; nothing where they share none.
std::optional<Ratio> ratio_over_seeds(std::span<const Record> records, const Quantity& quantity);

// The number: mean or geometric mean; nothing where there are no records.
std::optional<double> measure(std::span<const Record> records, const Quantity& quantity);

// All horizons of a metric in a row at a noise, ascending.
std::vector<double> horizons_of(std::span<const Record> records, const Quantity& quantity);

}  // namespace noether::bench
