#include "bench/table/summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace noether::bench {

std::string describe(const Statistic& statistic) {
  std::vector<std::string> places;
  for (const auto& [axis, value] : statistic.at)
    places.push_back(fmt::format("{} {}", axis, base::format_double(value)));
  return fmt::format("{}{}{}: {}{}{}", statistic.row, statistic.against.empty() ? "" : " / ",
                     statistic.against, statistic.metric, places.empty() ? "" : " at ",
                     fmt::join(places, ", "));
}

PairedValues paired_values(std::span<const Record> records, const Statistic& statistic) {
  PairedValues values;
  for (const Record& r : records) {
    if (r.row == statistic.row && r.metric == statistic.metric && r.at == statistic.at)
      values[{r.seed, r.sample}] = r.value;
  }
  return values;
}

std::vector<double> values_of(const PairedValues& paired) {
  std::vector<double> values;
  for (const auto& [pair, value] : paired) values.push_back(value);
  return values;
}

std::optional<Ratio> ratio_over_pairs(std::span<const Record> records, const Statistic& statistic,
                                      Better better) {
  const auto of_row = paired_values(records, statistic);
  Statistic reference = statistic;
  reference.row = statistic.against;
  const auto of_reference = paired_values(records, reference);
  std::vector<double> a;
  std::vector<double> b;
  Pairing pairing = Pairing::seeds;
  for (const auto& [pair, value] : of_row) {
    const auto found = of_reference.find(pair);
    if (found == of_reference.end()) continue;
    a.push_back(value);
    b.push_back(found->second);
    if (pair.second) pairing = Pairing::samples;
  }
  if (a.empty()) return std::nullopt;
  Ratio ratio = paired_ratio(a, b, better);
  ratio.pairing = pairing;
  return ratio;
}

std::optional<double> measure(std::span<const Record> records, const Statistic& statistic) {
  if (!statistic.against.empty()) {
    const auto ratio = ratio_over_pairs(records, statistic);
    return ratio ? std::optional(ratio->value) : std::nullopt;
  }
  const auto values = values_of(paired_values(records, statistic));
  return values.empty() ? std::nullopt : std::optional(mean(values));
}

std::vector<Coordinates> distinct_points(std::span<const Record> records,
                                         std::span<const std::string> axes) {
  std::vector<Coordinates> points;
  for (const Record& r : records) {
    Coordinates point;
    for (const std::string& axis : axes) {
      if (const auto found = r.at.find(axis); found != r.at.end()) point.insert(*found);
    }
    if (std::ranges::find(points, point) == points.end()) points.push_back(std::move(point));
  }
  return points;
}

std::vector<Coordinates> sorted_points(std::span<const Record> records,
                                       std::span<const std::string> axes) {
  auto points = distinct_points(records, axes);
  std::ranges::sort(points, {}, [&](const Coordinates& point) {
    std::vector<double> values;
    for (const std::string& axis : axes) {
      const auto found = point.find(axis);
      // what knows nothing of an axis comes first
      values.push_back(found == point.end() ? -std::numeric_limits<double>::infinity()
                                            : found->second);
    }
    return values;
  });
  return points;
}

}  // namespace noether::bench
