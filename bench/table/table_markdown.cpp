#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

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

std::string noise_section(const TableSpec& spec, std::span<const Record> records, double noise) {
  const auto horizons = shown_horizons(spec, records);
  std::string text = fmt::format("## Noise {}\n\n{}\n", noise,
                                 markdown(table_grid(spec, records, noise, horizons)));
  for (const auto& sentence : omissions(spec, select(records, {.noise = noise})))
    text += fmt::format("Left out at {}.\n\n", sentence);
  return text;
}

std::string reference_section(const TableSpec& spec, std::span<const Record> records) {
  Grid grid{{"quantity", "noise", "horizon", "reference", "here", "source"}};
  for (const ReferenceNumber& r : spec.references) {
    const auto here = measure(records, {.row = r.row,
                                        .against = r.against,
                                        .noise = r.noise,
                                        .horizon = r.horizon,
                                        .metric = r.metric.empty() ? spec.error_metric : r.metric});
    if (!here) continue;
    grid.push_back({(r.against.empty() ? r.row : r.row + " / " + r.against) +
                        (r.metric.empty() ? "" : ", " + r.metric),
                    fmt::format("{}", r.noise), horizon_text(spec, r.horizon),
                    short_number(r.value), short_number(*here), r.source});
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

std::string meaning_section(const TableSpec& spec) {
  const bool has_drift =
      std::ranges::find(spec.columns, "energy_drift", &ColumnSpec::metric) != spec.columns.end();
  return fmt::format(
      "## What the numbers are\n\n"
      "- {}: mean \u00b1 standard deviation (n \u2212 1) over seeds; a seed is {}the initial "
      "weights.\n"
      "- / reference: the error divided by that of the reference row at the same seed; the "
      "geometric mean over\n"
      "  seeds, in brackets its 95 % interval (bootstrap over seeds, 10,000 resamples, "
      "percentiles), then on how\n"
      "  many seeds the row was better. Below 1 is better than the reference.\n"
      "- the other columns: means over seeds, at the longest horizon where there are several.{}\n"
      "- diverged: on one seed at least the prediction left the range of numbers.\n\n",
      spec.error_title, spec.data.empty() ? "the data and " : "",
      has_drift ? " Energy drift is\n  the mean over trajectories of |E(prediction) \u2212 "
                  "E(truth)|, divided by the largest |E| among the starts."
                : "");
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
  const bool quick = json.value("quick", false);
  const bool scratch = json.value("scratch", false);
  std::string text =
      fmt::format("# {}\n\n![Error and energy against time](table.png)\n\n", spec.title);
  if (quick) text += "**With `--quick`: few steps, to see that all works. Not results.**\n\n";
  if (scratch) text += "With `--scratch`: every row trained from scratch.\n\n";
  for (const double noise : noises_of(records)) text += noise_section(spec, records, noise);
  text += rows_section(spec, records) + meaning_section(spec);
  // numbers from elsewhere are those of the whole protocol
  if (!quick && !scratch) text += reference_section(spec, records);
  return text + making_section(spec, records, json);
}

}  // namespace noether::bench
