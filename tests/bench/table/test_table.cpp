#include "bench/table/table.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "bench/table/provenance.h"
#include "bench/table/run_table.h"
#include "bench/table/summary.h"
#include "bench/table/table_grid.h"
#include "tests/bench/table/fake_experiment.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

const TableResult& fake_table() {
  static const TableResult table = run_table(fake_experiment(), fake_options());
  return table;
}

std::string fake_markdown() {
  return table_markdown(fake_spec(), fake_table().records,
                        provenance_json(fake_spec(), fake_options()));
}

int colored_pixels(const render::Image& image) {
  int count = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    if (image.rgb[i] != image.rgb[i + 1] || image.rgb[i] != image.rgb[i + 2]) ++count;
  }
  return count;
}

// The table without row `tailored` at noise 0.1 on these seeds, after so many tries.
std::vector<Record> left_out(const std::vector<std::uint64_t>& seeds, double tries) {
  std::vector<Record> records;
  for (const Record& r : fake_table().records) {
    const bool lost = r.at.at("noise") == 0.1 && r.row == "tailored" &&
                      std::ranges::find(seeds, r.seed) != seeds.end();
    if (!lost) records.push_back(r);
  }
  for (const auto seed : seeds) {
    records.push_back({.table = "fake",
                       .row = "tailored",
                       .at = {{"noise", 0.1}},
                       .seed = seed,
                       .metric = "tries",
                       .value = tries});
  }
  return records;
}

}  // namespace

TEST_CASE("numbers are shown to three significant digits", "[bench][table]") {
  CHECK(short_number(0.07) == "0.0700");
  CHECK(short_number(313.2) == "313");
  CHECK(short_number(1.2e-5) == "1.20e-05");
  CHECK(short_number(0) == "0.00");
}

// at noise 0 and 3 s the rows have errors 3, 6, 9 times 1, 0.9 and 0.8
TEST_CASE("the Markdown has errors, ratios, intervals and wins", "[bench][table]") {
  const std::string text = fake_markdown();
  CHECK_THAT(text, Catch::StartsWith("# A table of nothing\n"));
  CHECK_THAT(text, Catch::Contains("| row | RMSE, 3 s | RMSE, 10 s | / vanilla, 3 s |"));
  CHECK_THAT(text, Catch::Contains("| vanilla | 6.00 \u00b1 3.00 | 20.0 \u00b1 10.0 | \u2013 |"));
  CHECK_THAT(text, Catch::Contains("| tailored | 4.80 \u00b1 2.40 | 16.0 \u00b1 8.00 | 0.800 "
                                   "(0.800\u20130.800), 3 of 3 |"));
  CHECK_THAT(text, Catch::Contains("## Noise 0\n") && Catch::Contains("## Noise 0.1\n"));
  // drift at the longest horizon: 20 * 0.8 / 7; no records of seconds, no column
  CHECK_THAT(text, Catch::Contains("energy drift | one-step MSE |\n"));
  CHECK_THAT(text, Catch::Contains("| 2.29 | 3.33e-06 |\n"));
}

TEST_CASE("rows with references of their own share a column", "[bench][table]") {
  TableSpec spec = fake_spec();
  spec.comparisons = {{"control", "vanilla", "base"}, {"tailored", "control", "base"}};
  const std::vector<Coordinates> points{{{"horizon", 3}}};
  const Grid grid = table_grid(spec, fake_table().records, {{"noise", 0}}, points);
  CHECK(grid[0][2] == "/ base, 3 s");
  CHECK(grid[1][2] == "\u2013");
  CHECK_THAT(grid[2][2], Catch::StartsWith("0.900"));
  CHECK_THAT(grid[3][2], Catch::StartsWith("0.889"));  // 0.8 / 0.9
}

TEST_CASE("a rival has a line of its own, below the rows", "[bench][table]") {
  TableSpec spec = fake_spec();
  spec.comparisons.clear();
  spec.rivals = {{"tailored", "control"}, {"tailored", "nobody"}};
  const auto& records = fake_table().records;
  const auto points = shown_points(spec, records);
  const Grid grid = rival_grid(spec, records, {{"noise", 0}}, points);
  // there are no records of nobody
  REQUIRE(grid.size() == 2);
  CHECK(grid[0] == std::vector<std::string>{"row / reference", "RMSE, 3 s", "RMSE, 10 s"});
  CHECK(grid[1][0] == "tailored / control");
  CHECK_THAT(grid[1][1], Catch::StartsWith("0.889 ("));  // 0.8 / 0.9
  const std::string line = "tailored / control";
  CHECK_THAT(table_markdown(spec, records, "{}"), Catch::Contains("\n\n| row / reference |") &&
                                                      Catch::Contains("| " + line + " | 0.889"));
  CHECK_THAT(table_text(spec, records), Catch::Contains("\n" + line + "  0.889"));
  CHECK_THAT(fake_markdown(), !Catch::Contains("row / reference"));
}

TEST_CASE("the Markdown says what rows are and how it was made", "[bench][table]") {
  const std::string text = fake_markdown();
  for (const std::string part :
       {"- `tailored`: projected onto the level sets of H", "By counting on fingers.",
        "noether table fake -o FOLDER --seeds 0,1,2\n", "Seeds 0, 1, 2 (3 of them); float32",
        "| tailored / vanilla | 0 | 3 s | 0.691 | 0.800 | somebody, 8 seeds |", "records.csv"}) {
    CHECK_THAT(text, Catch::Contains(part));
  }
}

TEST_CASE("a table with other settings says so and stands beside no other numbers",
          "[bench][table]") {
  for (const auto& [key, sentence] :
       {std::pair("quick", "**With `--set quick=yes`: few seeds and few steps"),
        {"scratch", "**With `--set scratch=yes`: every row trains from scratch.**"}}) {
    const std::string text =
        table_markdown(fake_spec(), fake_table().records,
                       provenance_json(fake_spec(), fake_options({{key, "yes"}})));
    CHECK_THAT(text, Catch::Contains(sentence) && !Catch::Contains("somebody, 8 seeds"));
    CHECK_THAT(fake_markdown(), !Catch::Contains(sentence));
  }
}

TEST_CASE("rows without records are left out", "[bench][table]") {
  const auto records = select(fake_table().records, {.row = "control"});
  const std::string text = table_text(fake_spec(), records);
  CHECK_THAT(text, Catch::Contains("control") && !Catch::Contains("tailored"));
  // nor is there a column against a row that is not there
  CHECK_THAT(text, !Catch::Contains("/ vanilla"));
}

TEST_CASE("a row that was left out on all seeds is not shown, and the table says why",
          "[bench][table]") {
  const auto records = left_out({0, 1, 2}, 0);
  const std::string text =
      table_markdown(fake_spec(), records, provenance_json(fake_spec(), fake_options()));
  const auto noisy = text.find("## Noise 0.1"), rows = text.find("## Rows");
  const std::string clean_section = text.substr(0, noisy);
  const std::string noisy_section = text.substr(noisy, rows - noisy);
  CHECK_THAT(clean_section, Catch::Contains("| tailored |") && !Catch::Contains("Left out"));
  CHECK_THAT(noisy_section, Catch::Contains("| control |") && !Catch::Contains("| tailored |"));
  CHECK_THAT(noisy_section,
             Catch::Contains("Left out at noise 0.1, seeds 0, 1, 2: row tailored, because there "
                             "was nothing to try."));
}

TEST_CASE("a row that was left out on some seeds keeps the others", "[bench][table]") {
  const auto records = left_out({1}, 4);
  CHECK(omissions(fake_spec(), records) ==
        std::vector<std::string>{"noise 0.1, seed 1: row tailored, because all tries failed"});
  CHECK_THAT(table_text(fake_spec(), records), Catch::Contains("2 of 2"));
  CHECK(omissions(fake_spec(), fake_table().records).empty());
}

TEST_CASE("the terminal form is aligned", "[bench][table]") {
  const std::string text = table_text(fake_spec(), fake_table().records);
  const auto header = text.find("row  ");
  REQUIRE(header != std::string::npos);
  const auto column = text.find("/ vanilla", header) - header;
  const auto line = text.find("control ", header);
  CHECK(text.substr(line + column + 1, 5) == "0.900");  // one more byte: the sign \u00b1
}

TEST_CASE("all files of a table agree on its records", "[bench][table]") {
  const test::TempFolder folder;
  const auto& table = fake_table();
  const std::string provenance = provenance_json(fake_spec(), fake_options());
  write_table(folder.path(), fake_spec(), table.records, table.curves, provenance);
  const auto axes = axis_names(fake_spec());
  CHECK(to_csv(read_csv(folder / "records.csv"), axes) == to_csv(table.records, axes));
  CHECK(to_csv(read_csv(folder / "curves.csv"), axes) == to_csv(table.curves, axes));
  CHECK(test::read_bytes(folder / "table.md") == fake_markdown());
  const auto json = nlohmann::json::parse(test::read_bytes(folder / "table.json"));
  CHECK(json.at("records") == nlohmann::json::parse(to_json(table.records)));
  CHECK(json.at("records").size() == table.records.size());
  CHECK(json.at("provenance").at("float_type") == "float32");
  CHECK(json.at("provenance").at("settings").at("weight_decay") == "0.0001");
  CHECK_FALSE(json.at("provenance").at("machine").at("cpu").get<std::string>().empty());
  CHECK(json.at("provenance").at("build").contains("flags"));
  CHECK(test::read_bytes(folder / "table.png").starts_with("\x89PNG"));
  // and nothing half-written lies about
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 5);
}

TEST_CASE("the picture draws every row at every noise", "[bench][table]") {
  const auto& curves = fake_table().curves;
  const auto both = table_figure(fake_spec(), curves);
  const auto one_noise = table_figure(fake_spec(), select(curves, {.at = {{"noise", 0}}}));
  CHECK(both.height_px > one_noise.height_px + 300);
  const int all_rows = colored_pixels(one_noise);
  CHECK(all_rows > 3000);
  auto fewer = select(curves, {.at = {{"noise", 0}}});
  std::erase_if(fewer, [](const Record& r) { return r.row == "control"; });
  CHECK(colored_pixels(table_figure(fake_spec(), fewer)) < all_rows);
  CHECK(table_figure(fake_spec(), curves) == both);
}

TEST_CASE("a table without curves has a picture all the same", "[bench][table]") {
  CHECK(table_figure(fake_spec(), {}).width_px == 1400);
}

TEST_CASE("the command of one seed names it, not how many", "[bench][table]") {
  const auto options =
      fake_options({{"seeds", "5,"}, {"noise", "0"}, {"quick", "yes"}, {"rows", "control"}});
  CHECK(command_line(fake_spec(), options) ==
        "noether table fake -o FOLDER --quick --seeds 5, --set rows=control --set noise=0");
}

// two rows, measured on 2 samples of each of 2 seeds: scores 1, 2, 3, 4 and half as much
TEST_CASE("samples are paired within their seed, and the table says so", "[bench][table]") {
  TableSpec spec{.name = "films",
                 .title = "Films",
                 .axes = {},
                 .rows = {{"plain", "one"}, {"better", "another"}},
                 .metrics = {{.name = "score",
                              .title = "score",
                              .unit = "dB",
                              .better = Better::higher,
                              .is_compared = true}},
                 .comparisons = {{"plain", "better"}, {"better", "plain"}}};
  std::vector<Record> records;
  for (const auto& [row, factor] : {std::pair("plain", 0.5), {"better", 1.0}}) {
    for (int i = 0; i < 4; ++i) {
      records.push_back({.row = row,
                         .seed = static_cast<std::uint64_t>(i / 2),
                         .sample = i % 2,
                         .metric = "score",
                         .value = factor * (i + 1)});
    }
  }
  const auto ratio = ratio_over_pairs(
      records, {.row = "better", .against = "plain", .metric = "score"}, Better::higher);
  REQUIRE(ratio);
  CHECK(ratio->pairing == Pairing::samples);
  CHECK(ratio->count == 4);
  CHECK(ratio->wins == 4);
  const std::string text = table_markdown(spec, records, "{}");
  CHECK_THAT(text, Catch::Contains("| row | score, dB | / better | / plain |") &&
                       Catch::Contains("2.000 (2.000\u20132.000), 4 of 4 |"));
  CHECK_THAT(
      text,
      Catch::Contains("at the same seed and sample") &&
          Catch::Contains(
              "over\n  samples, in brackets its 95 % interval (Student's t on the logarithms; "
              "it says nothing of other seeds)") &&
          Catch::Contains("a ratio above 1 is better"));
  CHECK_THAT(fake_markdown(),
             Catch::Contains(
                 "over\n  seeds, in brackets its 95 % interval (Student's t on the logarithms)") &&
                 Catch::Contains("a ratio below 1 is better"));
}

TEST_CASE("several measured axes make a column for each of their points", "[bench][table]") {
  TableSpec spec = fake_spec();
  spec.axes.push_back({.name = "inner_steps"});
  auto records = fake_table().records;
  for (Record& r : records) {
    if (r.metric == "rmse") r.at["inner_steps"] = r.at.at("horizon") == 3 ? 1 : 5;
  }
  const auto points = shown_points(spec, records);
  REQUIRE(points.size() == 2);
  const Grid grid = table_grid(spec, records, {{"noise", 0}}, points);
  CHECK(grid[0][1] == "RMSE, 3 s, inner_steps 1");
  CHECK(grid[0][2] == "RMSE, 10 s, inner_steps 5");
}

}  // namespace noether::bench
