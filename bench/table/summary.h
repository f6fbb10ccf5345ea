#pragma once

// Records of one statistic, paired by seed and sample.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/table/record.h"
#include "bench/table/statistics.h"

namespace noether::bench {

// A number of a table: the mean of a metric of a row, or its ratio to that of another row.
struct Statistic {
  std::string row = {};
  std::string against = {};  // "": the mean of the metric itself; else the geometric mean of ratios
  Coordinates at = {};       // all of them
  std::string metric = {};
};

// "large / small: mse at time 3.0, train_size 400.0"
std::string describe(const Statistic& statistic);

// The metric of statistic.row for each seed and sample; the sample is missing where a seed has one
// value alone.
using Pair = std::pair<std::uint64_t, std::optional<std::int64_t>>;
using PairedValues = std::map<Pair, double>;
PairedValues paired_values(std::span<const Record> records, const Statistic& statistic);
std::vector<double> values_of(const PairedValues& paired);

// The ratio to statistic.against over the pairs that both rows have; nothing where they share none.
std::optional<Ratio> ratio_over_pairs(std::span<const Record> records, const Statistic& statistic,
                                      Better better = Better::lower);

// The number: mean or geometric mean; nothing where there are no records.
std::optional<double> measure(std::span<const Record> records, const Statistic& statistic);

// The coordinates of the records on these axes alone, each once: in the order of first appearance,
// or sorted by their values, the first axis first.
std::vector<Coordinates> distinct_points(std::span<const Record> records,
                                         std::span<const std::string> axes);
std::vector<Coordinates> sorted_points(std::span<const Record> records,
                                       std::span<const std::string> axes);

}  // namespace noether::bench
