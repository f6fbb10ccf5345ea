#include "bench/table/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <tuple>

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "bench/table/table_grid.h"

namespace noether::bench {
namespace {

// Everything but the value.
auto key_of(const Record& record) {
  return std::tie(record.table, record.row, record.at, record.seed, record.sample, record.metric);
}
struct ByKey {
  bool operator()(const Record* a, const Record* b) const { return key_of(*a) < key_of(*b); }
};
using Index = std::map<const Record*, double, ByKey>;

Index index_of(std::span<const Record> records) {
  Index index;
  for (const Record& record : records) index.emplace(&record, record.value);
  return index;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

// The means and ratios that a baseline guards where bits cannot be compared.
std::vector<Statistic> guarded(const TableSpec& spec, std::span<const Record> records) {
  std::vector<Statistic> all;
  for (const Metric& metric : spec.metrics) {
    if (!metric.is_compared) continue;
    const auto measured = select(records, {.metric = metric.name});
    for (const Coordinates& at : distinct_points(measured, axis_names(spec))) {
      for (const RowSpec& row : spec.rows)
        all.push_back({.row = row.name, .at = at, .metric = metric.name});
      for (const auto* comparisons : {&spec.comparisons, &spec.rivals}) {
        for (const Comparison& comparison : *comparisons)
          all.push_back({comparison.row, comparison.reference, at, metric.name});
      }
    }
  }
  return all;
}

Better better_of(const TableSpec& spec, const std::string& metric) {
  return std::ranges::find(spec.metrics, metric, &Metric::name)->better;
}

std::string value_text(const std::optional<double>& value) {
  return value ? base::format_double(*value) : "nothing";
}

}  // namespace

std::string arithmetic_of_this_build() {
  const auto build = base::build_info();
#ifdef __GLIBC__
  const std::string library = std::string("glibc ") + gnu_get_libc_version();
#else
  const std::string library = "another C library";
#endif
  return fmt::format("{}, {}, {}, Eigen {}", build.compiler,
                     build.arch.empty() ? "default" : build.arch, library, NOETHER_EIGEN);
}

std::vector<Record> reproducible(const TableSpec& spec, std::span<const Record> records) {
  std::vector<Record> kept;
  std::ranges::copy_if(records, std::back_inserter(kept), [&](const Record& record) {
    const auto metric = std::ranges::find(spec.metrics, record.metric, &Metric::name);
    return metric == spec.metrics.end() || !metric->is_time;
  });
  return kept;
}

std::vector<Difference> differences(const Baseline& baseline, std::span<const Record> measured) {
  Index left = index_of(measured);
  std::vector<Difference> found;
  for (const Record& expected : baseline.records) {
    const auto here = left.find(&expected);
    if (here == left.end()) {
      found.push_back({expected, expected.value, {}});
      continue;
    }
    if (!same_bits(here->second, expected.value))
      found.push_back({expected, expected.value, here->second});
    left.erase(here);
  }
  // in the order of the records
  for (const Record& record : measured) {
    if (left.contains(&record)) found.push_back({record, {}, record.value});
  }
  return found;
}

std::string describe(const Difference& difference) {
  const Record& record = difference.record;
  const Statistic at{.row = record.row, .at = record.at, .metric = record.metric};
  const std::string sample =
      record.sample ? fmt::format(", sample {}", *record.sample) : std::string();
  return fmt::format("seed {}{}, {} is {}, expected was {}", record.seed, sample, describe(at),
                     value_text(difference.measured), value_text(difference.expected));
}

std::vector<std::string> regressions(const TableSpec& spec, const Baseline& baseline,
                                     std::span<const Record> measured) {
  std::vector<std::string> found;
  for (const Statistic& statistic : guarded(spec, baseline.records)) {
    const auto expected = measure(baseline.records, statistic);
    // what diverged there says nothing of here
    if (!expected || !std::isfinite(*expected)) continue;
    const auto here = measure(measured, statistic);
    const double sign = better_of(spec, statistic.metric) == Better::lower ? 1 : -1;
    const double limit = *expected + sign * guard_tolerance * std::abs(*expected);
    // written such that NaN is worse
    if (here && sign * *here <= sign * limit) continue;
    found.push_back(fmt::format("{} is {}, expected was {:.4g}", describe(statistic),
                                here ? fmt::format("{:.4g}", *here) : "nothing", *expected));
  }
  return found;
}

Baseline accept(Baseline baseline, const TableSpec& spec, std::span<const Record> measured,
                const Acceptance& acceptance) {
  if (acceptance.reason.find_first_not_of(" \t\n") == std::string::npos)
    throw base::UsageError("a baseline is accepted with a reason: it is empty");
  baseline.records = reproducible(spec, measured);
  // one that guards nothing would pass for ever
  if (baseline.records.empty()) throw base::DataError("cannot accept a table without records");
  baseline.arithmetic = arithmetic_of_this_build();
  baseline.history.push_back(acceptance);
  return baseline;
}

TableSettings settings_of(const Baseline& baseline, const TableSpec& spec) {
  for (const dataset::SettingSpec& setting : settings_of(spec, false)) {
    if (!baseline.settings.contains(setting.key)) {
      throw base::DataError(fmt::format("the baseline of {} does not state the setting '{}'",
                                        baseline.table, setting.key));
    }
  }
  return make_settings(spec, baseline.settings);
}

}  // namespace noether::bench
