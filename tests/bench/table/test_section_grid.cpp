#include "bench/table/section_grid.h"

#include <catch2/catch.hpp>

#include "bench/table/run_table.h"
#include "tests/bench/table/fake_experiment.h"

namespace noether::bench {

TEST_CASE("metrics of a section have a table of their own, at every place", "[bench][table]") {
  TableSpec spec = fake_spec();
  spec.rows.push_back({"data", "no model"});
  spec.metrics[1].section = "Details";  // energy_drift
  spec.metrics.push_back({.name = "width", .title = "width", .section = "Details"});
  auto records = run_table(fake_experiment(), fake_options()).records;
  // seed 1 has none, as where there is nothing to measure
  for (const int seed : {0, 2}) {
    records.push_back({.row = "data",
                       .at = {{"noise", 0}},
                       .seed = static_cast<std::uint64_t>(seed),
                       .metric = "width",
                       .value = 1.0 + seed});
  }
  const std::string text = table_markdown(spec, records, "{}");
  // 3 (s + 1) / 7 and 10 (s + 1) / 7 for seeds 0, 1, 2
  CHECK_THAT(text, Catch::Contains("| / control, 10 s | one-step MSE |\n") &&
                       Catch::Contains("### Details\n\n"
                                       "| row | energy drift, 3 s | energy drift, 10 s | width |\n"
                                       "|---|---:|---:|---:|\n"
                                       "| vanilla | 0.857 | 2.86 | \u2013 |\n") &&
                       Catch::Contains("| data | \u2013 | \u2013 | 2.00 |\n"));
  // at noise 0.1 nobody measured a width, and a row of nothing is not shown
  const auto grid = section_grid(spec, records, {{"noise", 0.1}}, "Details");
  CHECK(grid.size() == 4);
  CHECK(grid[0].size() == 3);
  CHECK_THAT(table_text(spec, records), !Catch::Contains("data") && !Catch::Contains("width"));
}

TEST_CASE("the terminal form has what is compared at each place, then the rest", "[bench][table]") {
  const std::string text =
      table_text(fake_spec(), run_table(fake_experiment(), fake_options()).records);
  CHECK_THAT(text,
             Catch::StartsWith("fake, noise 0, 3 s\n\nrow       RMSE, 3 s  ") &&
                 Catch::Contains("\n\nfake, noise 0\n\n"
                                 "row       energy drift, 3 s  energy drift, 10 s  "
                                 "one-step MSE\n"
                                 "vanilla   0.857              2.86                3.33e-06\n"));
}

}  // namespace noether::bench
