#include "bench/table/table_grid.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "bench/table/summary.h"

namespace noether::bench {
namespace {

std::string mean_text(const std::vector<double>& values) {
  if (values.empty()) return nothing;
  const std::string center = short_number(mean(values));
  if (values.size() == 1 || !std::isfinite(mean(values))) return center;
  return fmt::format("{} \u00b1 {}", center, short_number(standard_deviation(values)));
}

// Three decimals, or three digits where these would be zeros.
std::string ratio_number(double value) {
  return value < 0.01 ? fmt::format("{:.3g}", value) : fmt::format("{:.3f}", value);
}

std::string ratio_text(const std::optional<Ratio>& ratio) {
  if (!ratio) return nothing;
  if (!std::isfinite(ratio->value)) return "diverged";
  const std::string center = ratio_number(ratio->value);
  if (ratio->count == 1) return center;
  const std::string interval =
      std::isnan(ratio->low)
          ? ""
          : fmt::format(" ({}\u2013{})", ratio_number(ratio->low), ratio_number(ratio->high));
  return fmt::format("{}{}, {} of {}", center, interval, ratio->wins, ratio->count);
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

std::string title_of(const Metric& metric) {
  return metric.unit.empty() ? metric.title : fmt::format("{}, {}", metric.title, metric.unit);
}

// Whether the row has any record of a metric of the main table.
bool is_shown(const TableSpec& spec, std::span<const Record> records, const std::string& row) {
  return std::ranges::any_of(records, [&](const Record& r) {
    const auto metric = std::ranges::find(spec.metrics, r.metric, &Metric::name);
    return r.row == row && metric != spec.metrics.end() && metric->section.empty();
  });
}

std::string title_at(const TableSpec& spec, const std::string& title, const Coordinates& point) {
  return point.empty() ? title : fmt::format("{}, {}", title, place_text(spec, point));
}

// The columns of one table at one place: their titles, and what a row has in them.
class Columns {
 public:
  Columns(const TableSpec& spec, std::span<const Record> here, const Coordinates& place,
          std::span<const Coordinates> points)
      : spec_(spec),
        here_(here),
        place_(place),
        points_(points),
        headings_(headings_of(spec, here)) {
    std::ranges::copy_if(spec.metrics, std::back_inserter(metrics_), [&](const Metric& metric) {
      return metric.section.empty() &&
             std::ranges::find(here, metric.name, &Record::metric) != here.end();
    });
  }

  std::vector<std::string> titles() const {
    std::vector<std::string> cells{"row"};
    const bool several = std::ranges::count_if(metrics_, &Metric::is_compared) > 1;
    for (const Metric& metric : metrics_) {
      if (!metric.is_compared) continue;
      for (const Coordinates& point : points_) cells.push_back(titled(spec_, metric, point));
      const std::string divided = several ? metric.title + " / " : "/ ";
      for (const auto& heading : headings_) {
        for (const Coordinates& point : points_)
          cells.push_back(title_at(spec_, divided + heading, point));
      }
    }
    for (const Metric& metric : metrics_) {
      if (!metric.is_compared) cells.push_back(title_of(metric));
    }
    return cells;
  }

  std::vector<std::string> rival_titles() const {
    std::vector<std::string> cells{"row / reference"};
    for (const Metric& metric : metrics_) {
      if (!metric.is_compared) continue;
      for (const Coordinates& point : points_) cells.push_back(titled(spec_, metric, point));
    }
    return cells;
  }

  std::vector<std::string> of_rival(const Comparison& comparison) const {
    std::vector<std::string> cells{comparison.row + " / " + comparison.reference};
    for (const Metric& metric : metrics_) {
      if (!metric.is_compared) continue;
      for (const Coordinates& point : points_) cells.push_back(ratio_of(comparison, metric, point));
    }
    return cells;
  }

  std::vector<std::string> of_row(const std::string& row) const {
    std::vector<std::string> cells{row};
    for (const Metric& metric : metrics_) {
      if (metric.is_compared) add_compared(row, metric, cells);
    }
    for (const Metric& metric : metrics_) {
      if (!metric.is_compared) cells.push_back(single_text(row, metric));
    }
    return cells;
  }

 private:
  Statistic statistic(const std::string& row, const Metric& metric,
                      const Coordinates& point) const {
    Statistic made{.row = row, .at = place_, .metric = metric.name};
    made.at.insert(point.begin(), point.end());
    return made;
  }

  std::string ratio_of(const Comparison& comparison, const Metric& metric,
                       const Coordinates& point) const {
    Statistic ratio = statistic(comparison.row, metric, point);
    ratio.against = comparison.reference;
    return ratio_text(ratio_over_pairs(here_, ratio, metric.better));
  }

  void add_compared(const std::string& row, const Metric& metric,
                    std::vector<std::string>& cells) const {
    for (const Coordinates& point : points_)
      cells.push_back(mean_text(values_of(paired_values(here_, statistic(row, metric, point)))));
    for (const auto& heading : headings_) {
      const std::string reference = reference_of(spec_, row, heading);
      for (const Coordinates& point : points_)
        cells.push_back(reference.empty() ? nothing : ratio_of({row, reference}, metric, point));
    }
  }

  // The mean at the last of the points that the metric has, or else at the last of its own.
  std::string single_text(const std::string& row, const Metric& metric) const {
    const auto own =
        sorted_points(select(here_, {.row = row, .metric = metric.name}), axis_names(spec_, false));
    if (own.empty()) return nothing;
    Coordinates last = own.back();
    for (const Coordinates& point : points_) {
      if (std::ranges::find(own, point) != own.end()) last = point;
    }
    return short_number(mean(values_of(paired_values(here_, statistic(row, metric, last)))));
  }

  const TableSpec& spec_;
  std::span<const Record> here_;
  const Coordinates& place_;
  std::span<const Coordinates> points_;
  std::vector<std::string> headings_;
  std::vector<Metric> metrics_ = {};  // that have records
};

}  // namespace

std::string titled(const TableSpec& spec, const Metric& metric, const Coordinates& point) {
  return title_at(spec, title_of(metric), point);
}

std::string short_number(double value) {
  if (!std::isfinite(value)) return "diverged";
  std::string text = fmt::format("{:#.3g}", value);
  // fmt writes a fourth digit rather than none after the point
  if (text.ends_with(".0") && std::abs(value) >= 99.5) text.resize(text.size() - 2);
  return text;
}

std::string place_text(const TableSpec& spec, const Coordinates& place) {
  std::vector<std::string> words;
  for (const Axis& axis : spec.axes) {
    const auto found = place.find(axis.name);
    if (found == place.end()) continue;
    words.push_back(fmt::format("{}{}{}{}",
                                axis.is_swept || axis.unit.empty() ? axis.name + " " : "",
                                found->second, axis.unit.empty() ? "" : " ", axis.unit));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<Coordinates> places_of(const TableSpec& spec, std::span<const Record> records) {
  return distinct_points(records, axis_names(spec, true));
}

std::vector<Coordinates> shown_points(const TableSpec& spec, std::span<const Record> records) {
  std::vector<Record> compared;
  for (const Metric& metric : spec.metrics) {
    if (!metric.is_compared) continue;
    const auto more = select(records, {.metric = metric.name});
    compared.insert(compared.end(), more.begin(), more.end());
  }
  return sorted_points(compared, axis_names(spec, false));
}

Grid table_grid(const TableSpec& spec, std::span<const Record> records, const Coordinates& place,
                std::span<const Coordinates> points) {
  const auto here = select(records, {.at = place});
  const Columns columns(spec, here, place, points);
  Grid grid{columns.titles()};
  for (const RowSpec& row : spec.rows) {
    if (is_shown(spec, here, row.name)) grid.push_back(columns.of_row(row.name));
  }
  return grid;
}

Grid rival_grid(const TableSpec& spec, std::span<const Record> records, const Coordinates& place,
                std::span<const Coordinates> points) {
  const auto here = select(records, {.at = place});
  const Columns columns(spec, here, place, points);
  Grid grid{columns.rival_titles()};
  for (const Comparison& comparison : spec.rivals) {
    if (is_shown(spec, here, comparison.row) && is_shown(spec, here, comparison.reference))
      grid.push_back(columns.of_rival(comparison));
  }
  return grid;
}

}  // namespace noether::bench
