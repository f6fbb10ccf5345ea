#include "bench/table/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
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

// Two standard errors of the quantity over seeds, relative to it; 0 where one seed has none.
double spread_of(std::span<const Record> records, const Quantity& quantity) {
  auto values = values_of(values_by_seed(records, quantity));
  if (!quantity.against.empty()) {
    Quantity reference = quantity;
    reference.row = quantity.against;
    const auto others = values_of(values_by_seed(records, reference));
    for (std::size_t i = 0; i < std::min(values.size(), others.size()); ++i) values[i] /= others[i];
  }
  if (values.size() < 2) return 0;
  const double error = standard_deviation(values) / std::sqrt(static_cast<double>(values.size()));
  return 2 * error / std::abs(mean(values));
}

}  // namespace

double limit_of(const BaselineEntry& entry) {
  return entry.better == Better::lower ? entry.value + margin_of(entry)
                                       : entry.value - margin_of(entry);
}

std::vector<Finding> compare(const Baseline& baseline, std::span<const Record> records) {
  std::vector<Finding> findings;
  for (const BaselineEntry& entry : baseline.entries) {
    const auto measured = measure(records, entry.quantity);
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
      words[static_cast<std::size_t>(finding.verdict)], describe(finding.entry.quantity),
      finding.measured ? fmt::format("{:.4g}", *finding.measured) : "nothing",
      fmt::format("{:.4g}", finding.entry.value), fmt::format("{:.4g}", limit_of(finding.entry)));
}

Baseline accept(Baseline baseline, std::span<const Record> records, const Acceptance& acceptance,
                const std::string& machine) {
  if (acceptance.reason.find_first_not_of(" \t\n") == std::string::npos)
    throw base::UsageError("a baseline is accepted with a reason: it is empty");
  for (BaselineEntry& entry : baseline.entries) {
    const auto measured = measure(records, entry.quantity);
    if (!measured || !std::isfinite(*measured)) {
      throw base::DataError(fmt::format("cannot accept {}: it is {}", describe(entry.quantity),
                                        measured ? "not finite" : "not among the records"));
    }
    entry.value = *measured;
  }
  baseline.version = acceptance.version;
  baseline.machine = machine;
  baseline.history.push_back(acceptance);
  return baseline;
}

Baseline draft_baseline(const TableSpec& spec, const TableOptions& options,
                        std::span<const Record> records) {
  Baseline baseline{.table = spec.name, .options = options};
  const auto add = [&](const Quantity& quantity) {
    const auto value = measure(records, quantity);
    if (!value) return;
    baseline.entries.push_back(
        {.quantity = quantity,
         .value = *value,
         .tolerance = std::clamp(spread_of(records, quantity), least_tolerance, largest_tolerance),
         .reason = fmt::format("two standard errors over {} seeds, but from 5 to 25 %",
                               options.seeds.size())});
  };
  for (const double noise : options.noises) {
    for (const double horizon : shown_horizons(spec, records)) {
      Quantity quantity{.noise = noise, .horizon = horizon, .metric = spec.error_metric};
      for (const RowSpec& row : spec.rows) {
        quantity.row = row.name;
        add(quantity);
      }
      for (const Comparison& comparison : spec.comparisons) {
        quantity.row = comparison.row;
        quantity.against = comparison.reference;
        add(quantity);
      }
    }
  }
  return baseline;
}

}  // namespace noether::bench
