#include "bench/table/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/output_file.h"
#include "base/text_file.h"
#include "bench/table/section_grid.h"

namespace noether::bench {
namespace {

// the number of characters, not of bytes
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string aligned(const Grid& grid) {
  std::vector<std::size_t> widths(grid[0].size());
  for (const auto& line : grid) {
    for (std::size_t k = 0; k < line.size(); ++k)
      widths[k] = std::max(widths[k], width_of(line[k]));
  }
  std::string text;
  for (const auto& line : grid) {
    std::string words;
    for (std::size_t k = 0; k < line.size(); ++k)
      words += line[k] + std::string(widths[k] - width_of(line[k]) + 2, ' ');
    words.erase(words.find_last_not_of(' ') + 1);
    text += words + "\n";
  }
  return text;
}

}  // namespace

std::vector<Comparison> compare_all(std::span<const RowSpec> rows,
                                    std::span<const std::string> references) {
  std::vector<Comparison> comparisons;
  for (const auto& reference : references) {
    for (const RowSpec& row : rows) {
      if (row.name != reference) comparisons.push_back({row.name, reference});
    }
  }
  return comparisons;
}

std::vector<std::string> axis_names(const TableSpec& spec) {
  std::vector<std::string> names;
  for (const Axis& axis : spec.axes) names.push_back(axis.name);
  return names;
}

std::vector<std::string> axis_names(const TableSpec& spec, bool is_swept) {
  std::vector<std::string> names;
  for (const Axis& axis : spec.axes) {
    if (axis.is_swept == is_swept) names.push_back(axis.name);
  }
  return names;
}

std::string table_text(const TableSpec& spec, std::span<const Record> records) {
  TableSpec compared = spec, others = spec;
  std::erase_if(compared.metrics, [](const Metric& metric) { return !metric.is_compared; });
  std::erase_if(others.metrics, &Metric::is_compared);
  std::string text;
  const auto add_block = [&](const Coordinates& place, const Coordinates& point, const Grid& grid) {
    if (grid.size() == 1) return;
    text += text.empty() ? "" : "\n";
    text += spec.name;
    for (const auto& where : {place_text(spec, place), place_text(spec, point)})
      text += where.empty() ? "" : ", " + where;
    text += "\n\n" + aligned(grid);
  };
  for (const Coordinates& place : places_of(spec, records)) {
    for (const Coordinates& point : shown_points(spec, records)) {
      add_block(place, point, table_grid(compared, records, place, std::span(&point, 1)));
      const Grid rivals = rival_grid(spec, records, place, std::span(&point, 1));
      if (rivals.size() > 1) text += "\n" + aligned(rivals);
    }
    add_block(place, {}, section_grid(others, records, place, ""));
  }
  return text;
}

std::vector<std::string> omissions(const TableSpec& spec, std::span<const Record> records) {
  std::vector<std::string> sentences;
  if (!spec.why_left_out) return sentences;
  const std::string& decisive = spec.metrics.front().name;
  for (const Coordinates& place : places_of(spec, records)) {
    for (const RowSpec& row : spec.rows) {
      const auto own = select(records, {.row = row.name, .at = place});
      std::map<std::string, std::vector<std::uint64_t>> seeds_by_reason;
      for (const Record& r : own) {
        const std::string reason = spec.why_left_out(r);
        if (!reason.empty() && select(own, {.seed = r.seed, .metric = decisive}).empty())
          seeds_by_reason[reason].push_back(r.seed);
      }
      for (const auto& [reason, seeds] : seeds_by_reason) {
        const std::string where = place_text(spec, place);
        sentences.push_back(fmt::format("{}{}seed{} {}: row {}, because {}", where,
                                        where.empty() ? "" : ", ", seeds.size() == 1 ? "" : "s",
                                        fmt::join(seeds, ", "), row.name, reason));
      }
    }
  }
  return sentences;
}

bool has_picture(const TableSpec& spec) { return !spec.panels.empty() || !spec.scatters.empty(); }

void write_table(const std::filesystem::path& folder, const TableSpec& spec,
                 std::span<const Record> records, std::span<const Record> curves,
                 const std::string& provenance) {
  using Json = nlohmann::ordered_json;
  const auto axes = axis_names(spec);
  base::write_text(folder / "records.csv", to_csv(records, axes));
  base::write_text(folder / "curves.csv", to_csv(curves, axes));
  base::write_text(
      folder / "table.json",
      fmt::format(
          "{{\n \"table\": {},\n \"title\": {},\n \"provenance\": {},\n \"records\": {}\n}}\n",
          Json(spec.name).dump(), Json(spec.title).dump(), provenance, to_json(records)));
  base::write_text(folder / "table.md", table_markdown(spec, records, provenance));
  if (!has_picture(spec)) return;
  const auto picture = folder / "table.png";
  base::check_output_file(picture, true);
  base::write_whole(picture, picture.string() + ".partial", [&](const auto& temporary) {
    render::write_png(table_figure(spec, curves, records), temporary);
  });
}

}  // namespace noether::bench
