#include "bench/table/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/output_file.h"
#include "base/text_file.h"
#include "bench/table/table_grid.h"

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

std::string table_text(const TableSpec& spec, std::span<const Record> records) {
  std::string text;
  for (const double noise : noises_of(records)) {
    for (const double horizon : shown_horizons(spec, records)) {
      const Grid grid = table_grid(spec, records, noise, std::span(&horizon, 1));
      text += fmt::format("{}{}, noise {}, {}\n\n{}", text.empty() ? "" : "\n", spec.name, noise,
                          horizon_text(spec, horizon), aligned(grid));
    }
  }
  return text;
}

std::vector<std::string> omissions(const TableSpec& spec, std::span<const Record> records) {
  std::vector<std::string> sentences;
  for (const double noise : noises_of(records)) {
    for (const RowSpec& row : spec.rows) {
      const auto own = select(records, {.row = row.name, .noise = noise});
      // the seeds that have no error
      std::vector<std::uint64_t> without_formula, diverged;
      for (const Record& r : own) {
        const bool has_error = !select(own, {.seed = r.seed, .metric = spec.error_metric}).empty();
        if (r.metric != formulas_kept || has_error) continue;
        (r.value > 0 ? diverged : without_formula).push_back(r.seed);
      }
      const auto add = [&](const std::vector<std::uint64_t>& seeds, std::string_view reason) {
        if (seeds.empty()) return;
        sentences.push_back(fmt::format("noise {}, seed{} {}: row {}, because {}", noise,
                                        seeds.size() == 1 ? "" : "s", fmt::join(seeds, ", "),
                                        row.name, reason));
      };
      add(without_formula, "no formula in the data varies 100 times less than by chance");
      add(diverged, "with every formula found in the data predictions leave the range of numbers");
    }
  }
  return sentences;
}

void write_table(const std::filesystem::path& folder, const TableSpec& spec,
                 std::span<const Record> records, std::span<const Record> curves,
                 const std::string& provenance) {
  using Json = nlohmann::ordered_json;
  const Json json{{"table", spec.name},
                  {"title", spec.title},
                  {"provenance", Json::parse(provenance)},
                  {"records", Json::parse(to_json(records))}};
  base::write_text(folder / "records.csv", to_csv(records));
  base::write_text(folder / "curves.csv", to_csv(curves));
  base::write_text(folder / "table.json", json.dump(1) + "\n");
  base::write_text(folder / "table.md", table_markdown(spec, records, provenance));
  const auto picture = folder / "table.png";
  base::check_output_file(picture, true);
  base::write_whole(picture, picture.string() + ".partial", [&](const auto& temporary) {
    render::write_png(table_figure(spec, curves), temporary);
  });
}

}  // namespace noether::bench
