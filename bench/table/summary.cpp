#include "bench/table/summary.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"

namespace noether::bench {

std::string describe(const Quantity& quantity) {
  const std::string ratio = quantity.against.empty() ? "" : " / " + quantity.against;
  return fmt::format("{}{}: {} at {}, noise {}", quantity.row, ratio, quantity.metric,
                     base::format_double(quantity.horizon), base::format_double(quantity.noise));
}

std::map<std::uint64_t, double> values_by_seed(std::span<const Record> records,
                                               const Quantity& quantity) {
  std::map<std::uint64_t, double> values;
  for (const Record& r : records) {
    if (r.row == quantity.row && r.noise == quantity.noise && r.horizon == quantity.horizon &&
        r.metric == quantity.metric) {
      values[r.seed] = r.value;
    }
  }
  return values;
}

std::vector<double> values_of(const std::map<std::uint64_t, double>& by_seed) {
  std::vector<double> values;
  for (const auto& [seed, value] : by_seed) values.push_back(value);
  return values;
}

std::optional<Ratio> ratio_over_seeds(std::span<const Record> records, const Quantity& quantity) {
  const auto of_row = values_by_seed(records, quantity);
  Quantity reference = quantity;
  reference.row = quantity.against;
  const auto of_reference = values_by_seed(records, reference);
  std::vector<double> a;
  std::vector<double> b;
  for (const auto& [seed, value] : of_row) {
    const auto found = of_reference.find(seed);
    if (found == of_reference.end()) continue;
    a.push_back(value);
    b.push_back(found->second);
  }
  if (a.empty()) return std::nullopt;
  return paired_ratio(a, b);
}

std::optional<double> measure(std::span<const Record> records, const Quantity& quantity) {
  if (!quantity.against.empty()) {
    const auto ratio = ratio_over_seeds(records, quantity);
    return ratio ? std::optional(ratio->value) : std::nullopt;
  }
  const auto values = values_of(values_by_seed(records, quantity));
  return values.empty() ? std::nullopt : std::optional(mean(values));
}

std::vector<double> horizons_of(std::span<const Record> records, const Quantity& quantity) {
  std::set<double> horizons;
  for (const Record& r : records) {
    if (r.row == quantity.row && r.noise == quantity.noise && r.metric == quantity.metric)
      horizons.insert(r.horizon);
  }
  return {horizons.begin(), horizons.end()};
}

}  // namespace noether::bench
