#include "bench/table/table_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "bench/table/summary.h"

namespace noether::bench {
namespace {

constexpr const char* nothing = "\u2013";

std::string error_text(const std::vector<double>& values) {
  if (values.empty()) return nothing;
  const std::string center = short_number(mean(values));
  if (values.size() == 1 || !std::isfinite(mean(values))) return center;
  return fmt::format("{} \u00b1 {}", center, short_number(standard_deviation(values)));
}

std::string ratio_text(const std::optional<Ratio>& ratio) {
  if (!ratio) return nothing;
  if (!std::isfinite(ratio->value)) return "diverged";
  const std::string center = fmt::format("{:.3f}", ratio->value);
  if (ratio->count == 1) return center;
  return fmt::format("{} ({:.3f}\u2013{:.3f}), {} of {}", center, ratio->low, ratio->high,
                     ratio->wins, ratio->count);
}

std::string heading_of(const Comparison& comparison) {
  return comparison.heading.empty() ? comparison.reference : comparison.heading;
}

// What the row is compared with under that heading, "" for nothing.
std::string reference_of(const TableSpec& spec, const std::string& row,
                         const std::string& heading) {
  const auto found = std::ranges::find_if(spec.comparisons, [&](const Comparison& comparison) {
    return comparison.row == row && heading_of(comparison) == heading;
  });
  return found == spec.comparisons.end() ? "" : found->reference;
}

// Of the comparisons whose reference has records, in their order.
std::vector<std::string> headings_of(const TableSpec& spec, std::span<const Record> records) {
  std::vector<std::string> headings;
  for (const Comparison& comparison : spec.comparisons) {
    const std::string heading = heading_of(comparison);
    const bool is_known = std::ranges::find(headings, heading) != headings.end();
    const bool has_records =
        std::ranges::find(records, comparison.reference, &Record::row) != records.end();
    if (!is_known && has_records) headings.push_back(heading);
  }
  return headings;
}

// The columns of the spec that any record fills.
std::vector<ColumnSpec> columns_of(const TableSpec& spec, std::span<const Record> records) {
  std::vector<ColumnSpec> columns;
  std::ranges::copy_if(spec.columns, std::back_inserter(columns), [&](const ColumnSpec& column) {
    return std::ranges::find(records, column.metric, &Record::metric) != records.end();
  });
  return columns;
}

// Whether the row has any record of the error or of a column.
bool is_shown(const TableSpec& spec, std::span<const Record> records, const std::string& row) {
  return std::ranges::any_of(records, [&](const Record& r) {
    return r.row == row &&
           (r.metric == spec.error_metric ||
            std::ranges::find(spec.columns, r.metric, &ColumnSpec::metric) != spec.columns.end());
  });
}

// The mean of a metric at the longest of `horizons` that it has, or else at the longest of its own.
std::string column_text(std::span<const Record> records, Quantity quantity,
                        std::span<const double> horizons) {
  const auto own = horizons_of(records, quantity);
  if (own.empty()) return nothing;
  quantity.horizon = own.back();
  double longest_shown = -1;
  for (const double horizon : horizons) {
    if (std::ranges::find(own, horizon) != own.end())
      longest_shown = std::max(longest_shown, horizon);
  }
  if (longest_shown >= 0) quantity.horizon = longest_shown;
  return short_number(mean(values_of(values_by_seed(records, quantity))));
}

}  // namespace

std::string short_number(double value) {
  if (!std::isfinite(value)) return "diverged";
  std::string text = fmt::format("{:#.3g}", value);
  // fmt writes a fourth digit rather than none after the point
  if (text.ends_with(".0") && std::abs(value) >= 99.5) text.resize(text.size() - 2);
  return text;
}

std::string horizon_text(const TableSpec& spec, double horizon) {
  return fmt::format("{} {}", horizon, spec.horizon_unit);
}

std::vector<double> noises_of(std::span<const Record> records) {
  std::vector<double> noises;
  for (const Record& r : records) {
    if (std::ranges::find(noises, r.noise) == noises.end()) noises.push_back(r.noise);
  }
  return noises;
}

std::vector<double> shown_horizons(const TableSpec& spec, std::span<const Record> records) {
  if (!spec.horizons.empty()) return spec.horizons;
  std::set<double> horizons;
  for (const Record& r : records) {
    if (r.metric == spec.error_metric) horizons.insert(r.horizon);
  }
  return {horizons.begin(), horizons.end()};
}

Grid table_grid(const TableSpec& spec, std::span<const Record> records, double noise,
                std::span<const double> horizons) {
  const auto here = select(records, {.noise = noise});
  const auto headings = headings_of(spec, here);
  const auto columns = columns_of(spec, here);
  Grid grid{{"row"}};
  for (const double horizon : horizons)
    grid[0].push_back(fmt::format("{}, {}", spec.error_title, horizon_text(spec, horizon)));
  for (const auto& heading : headings) {
    for (const double horizon : horizons)
      grid[0].push_back(fmt::format("/ {}, {}", heading, horizon_text(spec, horizon)));
  }
  for (const ColumnSpec& column : columns) grid[0].push_back(column.title);

  for (const RowSpec& row : spec.rows) {
    if (!is_shown(spec, here, row.name)) continue;
    std::vector<std::string> line{row.name};
    Quantity quantity{.row = row.name, .noise = noise, .metric = spec.error_metric};
    for (const double horizon : horizons) {
      quantity.horizon = horizon;
      line.push_back(error_text(values_of(values_by_seed(here, quantity))));
    }
    for (const auto& heading : headings) {
      quantity.against = reference_of(spec, row.name, heading);
      for (const double horizon : horizons) {
        quantity.horizon = horizon;
        line.push_back(quantity.against.empty() ? nothing
                                                : ratio_text(ratio_over_seeds(here, quantity)));
      }
    }
    for (const ColumnSpec& column : columns) {
      line.push_back(
          column_text(here, {.row = row.name, .noise = noise, .metric = column.metric}, horizons));
    }
    grid.push_back(std::move(line));
  }
  return grid;
}

}  // namespace noether::bench
