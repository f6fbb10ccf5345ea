#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "bench/table/section_grid.h"
#include "bench/table/settings.h"
#include "bench/table/summary.h"
#include "bench/table/table.h"
#include "bench/table/table_grid.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;

std::string markdown(const Grid& grid) {
  std::string text;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    text += fmt::format("| {} |\n", fmt::join(grid[i], " | "));
    if (i > 0) continue;
    text += "|---|";
    for (std::size_t k = 1; k < grid[0].size(); ++k) text += "---:|";
    text += "\n";
  }
  return text;
}

std::string place_section(const TableSpec& spec, std::span<const Record> records,
                          const Coordinates& place) {
  std::string title = place.empty() ? "results" : place_text(spec, place);
  std::ranges::replace(title, '_', ' ');
  title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  const auto points = shown_points(spec, records);
  std::string text =
      fmt::format("## {}\n\n{}\n", title, markdown(table_grid(spec, records, place, points)));
  const Grid rivals = rival_grid(spec, records, place, points);
  if (rivals.size() > 1) text += markdown(rivals) + "\n";
  for (const auto& sentence : omissions(spec, select(records, {.at = place})))
    text += fmt::format("Left out at {}.\n\n", sentence);
  for (const auto& section : sections_of(spec)) {
    const Grid grid = section_grid(spec, records, place, section);
    if (grid.size() > 1) text += fmt::format("### {}\n\n{}\n", section, markdown(grid));
  }
  return text;
}

// The reference numbers that have a counterpart here, a column for each axis that they use.
std::string reference_section(const TableSpec& spec, std::span<const Record> records) {
  std::vector<Axis> axes;
  std::ranges::copy_if(spec.axes, std::back_inserter(axes), [&](const Axis& axis) {
    return std::ranges::any_of(spec.references,
                               [&](const auto& r) { return r.at.contains(axis.name); });
  });
  Grid grid{{"statistic"}};
  for (const Axis& axis : axes) grid[0].push_back(axis.name);
  for (const char* title : {"reference", "here", "source"}) grid[0].emplace_back(title);
  for (const ReferenceNumber& r : spec.references) {
    const std::string& metric = r.metric.empty() ? spec.metrics.front().name : r.metric;
    const auto here =
        measure(records, {.row = r.row, .against = r.against, .at = r.at, .metric = metric});
    if (!here) continue;
    std::vector<std::string> cells{(r.against.empty() ? r.row : r.row + " / " + r.against) +
                                   (r.metric.empty() ? "" : ", " + r.metric)};
    for (const Axis& axis : axes) {
      const auto found = r.at.find(axis.name);
      cells.push_back(found == r.at.end() ? "\u2013"
                                          : fmt::format("{}{}{}", found->second,
                                                        axis.unit.empty() ? "" : " ", axis.unit));
    }
    for (const auto& cell : {short_number(r.value), short_number(*here), r.source})
      cells.push_back(cell);
    grid.push_back(std::move(cells));
  }
  if (grid.size() == 1) return "";
  return fmt::format("## Beside numbers from elsewhere\n\n{}\n", markdown(grid));
}

std::string rows_section(const TableSpec& spec, std::span<const Record> records) {
  std::string text = "## Rows\n\n";
  for (const RowSpec& row : spec.rows) {
    if (!select(records, {.row = row.name}).empty())
      text += fmt::format("- `{}`: {}\n", row.name, row.description);
  }
  return text + "\n";
}

// What means and ratios are, of the metrics with these titles.
std::string compared_section(const TableSpec& spec, const std::vector<std::string>& titles,
                             const std::string& pairs, bool by_sample) {
  if (titles.empty()) {
    return fmt::format("- every column: means over {}; a seed is {}.\n", pairs, spec.seed_decides);
  }
  return fmt::format(
      "- {}: mean \u00b1 standard deviation (n \u2212 1) over {}; a seed is {}.\n"
      "- / reference: divided by that of the reference row at the same seed{}; the geometric mean "
      "over\n  {}, in brackets its 95 % interval (Student's t on the logarithms{}), then\n"
      "  for how many {} the row was better.\n"
      "- the other columns: means over {}, at the last place where there are several and the "
      "title\n"
      "  names none.\n"
      "- diverged: on one seed at least the prediction left the range of numbers.\n",
      fmt::join(titles, ", "), pairs, spec.seed_decides, by_sample ? " and sample" : "", pairs,
      by_sample ? "; it says nothing of other seeds" : "", pairs, pairs);
}

std::string meaning_section(const TableSpec& spec, std::span<const Record> records) {
  const bool by_sample =
      std::ranges::any_of(records, [](const Record& r) { return r.sample.has_value(); });
  std::vector<std::string> compared;
  for (const Metric& metric : spec.metrics) {
    if (metric.is_compared) compared.push_back(metric.title);
  }
  std::string text = "## What the numbers are\n\n" +
                     compared_section(spec, compared, by_sample ? "samples" : "seeds", by_sample);
  for (const Metric& metric : spec.metrics) {
    const bool is_there = std::ranges::find(records, metric.name, &Record::metric) != records.end();
    if (is_there && !metric.meaning.empty())
      text += fmt::format("- {}: {}\n", metric.title, metric.meaning);
    if (is_there && metric.is_compared) {
      text +=
          fmt::format("- {} is better where it is {}; a ratio {} 1 is better than the reference.\n",
                      metric.title, metric.better == Better::lower ? "lower" : "higher",
                      metric.better == Better::lower ? "below" : "above");
    }
  }
  return text + "\n";
}

// A sentence for each setting of the protocol that is not what it is by default.
std::string changes_section(const TableSpec& spec, const Json& settings) {
  std::string text;
  for (const dataset::SettingSpec& setting : protocol_settings(spec)) {
    if (!settings.contains(setting.key)) continue;
    const dataset::Config config(spec.name, {setting}, {{setting.key, settings.at(setting.key)}});
    const std::string flag = config.set_flags({});
    if (!flag.empty())
      text += fmt::format("**With `{}`: {}.**\n\n", flag.substr(1), setting.description);
  }
  return text;
}

std::string making_section(const TableSpec& spec, std::span<const Record> records,
                           const Json& json) {
  std::set<std::uint64_t> seeds;
  for (const Record& r : records) seeds.insert(r.seed);
  std::string text = "## How it was made\n\n";
  for (const auto& paragraph : spec.method) text += paragraph + "\n\n";
  const std::string data = json.value("data_sha256", "");
  if (!data.empty()) text += fmt::format("Data: a file of SHA-256 `{}`.\n\n", data);
  const Json build = json.value("build", Json::object());
  const Json machine = json.value("machine", Json::object());
  text += fmt::format(
      "```sh\n{}\n```\n\n"
      "Seeds {} ({} of them); {}. Version {} ({}), {}, flags `{}`, arch `{}`; on {}, {} cores.\n\n",
      json.value("command", ""), fmt::join(seeds, ", "), seeds.size(), spec.float_type,
      build.value("version", "unknown"), build.value("git_describe", ""),
      build.value("compiler", ""), build.value("flags", ""), build.value("arch", ""),
      machine.value("cpu", "unknown"), machine.value("cores", 0));
  text +=
      "Every measurement is a line of `records.csv`, every point of the picture one of "
      "`curves.csv`; `table.json`\nholds the records with all of the above. Everything here can be "
      "computed from them again.\n";
  return text;
}

}  // namespace

std::string table_markdown(const TableSpec& spec, std::span<const Record> records,
                           const std::string& provenance) {
  const Json json = Json::parse(provenance);
  const std::string changes = changes_section(spec, json.value("settings", Json::object()));
  std::string text = fmt::format("# {}\n\n", spec.title);
  if (has_picture(spec)) text += fmt::format("![{}](table.png)\n\n", spec.title);
  text += changes;
  for (const Coordinates& place : places_of(spec, records))
    text += place_section(spec, records, place);
  text += rows_section(spec, records) + meaning_section(spec, records);
  // numbers from elsewhere are those of the whole protocol
  if (changes.empty()) text += reference_section(spec, records);
  return text + making_section(spec, records, json);
}

}  // namespace noether::bench
