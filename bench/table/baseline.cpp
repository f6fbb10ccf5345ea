#include "bench/table/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "bench/table/table_grid.h"

namespace noether::bench {
namespace {

// A draft's tolerances: rounding on another processor moves a trained error by a few per cent, and
// seeds are the same in both runs, so that their spread is no excuse for more.
constexpr double least_tolerance = 0.05;
constexpr double largest_tolerance = 0.25;

double margin_of(const BaselineEntry& entry) {
  return entry.relative ? entry.tolerance * std::abs(entry.value) : entry.tolerance;
}

Verdict judge(const BaselineEntry& entry, double measured) {
  const double sign = entry.better == Better::lower ? 1 : -1;
  const double worsening = sign * (measured - entry.value);
  // written such that NaN is worse
  if (!(sign * measured <= sign * limit_of(entry))) return Verdict::worse;
  return worsening < -margin_of(entry) ? Verdict::better : Verdict::equal;
}

// Two standard errors of the statistic over pairs, relative to it; 0 where one pair has none.
double spread_of(std::span<const Record> records, const Statistic& statistic) {
  auto values = values_of(paired_values(records, statistic));
  if (!statistic.against.empty()) {
    Statistic reference = statistic;
    reference.row = statistic.against;
    const auto others = values_of(paired_values(records, reference));
    for (std::size_t i = 0; i < std::min(values.size(), others.size()); ++i) values[i] /= others[i];
  }
  if (values.size() < 2) return 0;
  const double error = standard_deviation(values) / std::sqrt(static_cast<double>(values.size()));
  return 2 * error / std::abs(mean(values));
}

// What a first baseline guards of one metric.
std::vector<Statistic> statistics_of(const TableSpec& spec, const Metric& metric,
                                     std::span<const Record> records) {
  std::vector<Statistic> all;
  const auto measured = select(records, {.metric = metric.name});
  for (const Coordinates& place : places_of(spec, measured)) {
    for (const Coordinates& point : sorted_points(measured, axis_names(spec, false))) {
      Coordinates at = place;
      at.insert(point.begin(), point.end());
      for (const RowSpec& row : spec.rows)
        all.push_back({.row = row.name, .at = at, .metric = metric.name});
      if (!metric.is_compared) continue;
      for (const Comparison& comparison : spec.comparisons)
        all.push_back({comparison.row, comparison.reference, at, metric.name});
    }
  }
  return all;
}

}  // namespace

double limit_of(const BaselineEntry& entry) {
  return entry.better == Better::lower ? entry.value + margin_of(entry)
                                       : entry.value - margin_of(entry);
}

std::vector<Finding> compare(const Baseline& baseline, std::span<const Record> records) {
  std::vector<Finding> findings;
  for (const BaselineEntry& entry : baseline.entries) {
    const auto measured = measure(records, entry.statistic);
    findings.push_back({.entry = entry,
                        .measured = measured,
                        .verdict = measured ? judge(entry, *measured) : Verdict::missing});
  }
  return findings;
}

bool passed(std::span<const Finding> findings) {
  return std::ranges::none_of(findings, [](const Finding& finding) {
    return finding.verdict == Verdict::worse || finding.verdict == Verdict::missing;
  });
}

std::string describe(const Finding& finding) {
  const char* const words[] = {"better", "ok", "WORSE", "MISSING"};  // in the order of Verdict
  return fmt::format(
      "{:<8}{}  measured {}, expected {}, limit {}",
      words[static_cast<std::size_t>(finding.verdict)], describe(finding.entry.statistic),
      finding.measured ? fmt::format("{:.4g}", *finding.measured) : "nothing",
      fmt::format("{:.4g}", finding.entry.value), fmt::format("{:.4g}", limit_of(finding.entry)));
}

Baseline accept(Baseline baseline, std::span<const Record> records, const Acceptance& acceptance,
                const std::string& machine) {
  if (acceptance.reason.find_first_not_of(" \t\n") == std::string::npos)
    throw base::UsageError("a baseline is accepted with a reason: it is empty");
  for (BaselineEntry& entry : baseline.entries) {
    const auto measured = measure(records, entry.statistic);
    if (!measured || !std::isfinite(*measured)) {
      throw base::DataError(fmt::format("cannot accept {}: it is {}", describe(entry.statistic),
                                        measured ? "not finite" : "not among the records"));
    }
    entry.value = *measured;
  }
  baseline.version = acceptance.version;
  baseline.machine = machine;
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

Baseline draft_baseline(const TableSpec& spec, const TableSettings& settings,
                        std::span<const Record> records) {
  Baseline baseline{.table = spec.name, .settings = settings.to_overrides()};
  for (const Metric& metric : spec.metrics) {
    if (!metric.is_checked) continue;
    for (const Statistic& statistic : statistics_of(spec, metric, records)) {
      const auto value = measure(records, statistic);
      if (!value) continue;
      baseline.entries.push_back(
          {.statistic = statistic,
           .value = *value,
           .better = metric.better,
           .tolerance =
               std::clamp(spread_of(records, statistic), least_tolerance, largest_tolerance),
           .reason = fmt::format("two standard errors over {} seeds, but from 5 to 25 %",
                                 settings.seeds.size())});
    }
  }
  return baseline;
}

}  // namespace noether::bench
