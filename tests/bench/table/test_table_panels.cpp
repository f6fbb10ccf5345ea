#include <catch2/catch.hpp>

#include "bench/table/table_panels.h"

namespace noether::bench {
namespace {

TableSpec spec_with_budgets() {
  return {.name = "fake",
          .title = "Budgets",
          .axes = {{.name = "steps", .values = {10, 20}, .is_swept = true},
                   {.name = "horizon", .unit = "s", .values = {3}}},
          .rows = {{"plain", ""},
                   {"more", "", {"plain"}},
                   {"most", "", {"more"}},
                   {"odd", "", {"gone"}},
                   {"gone", ""}},
          .metrics = {{.name = "mse", .title = "MSE", .is_compared = true},
                      {.name = "seconds", .title = "s", .is_time = true}},
          .budget_axis = "steps"};
}

// Every row but `gone`: an error of 1 / (steps (1 + seed)), and seconds that are steps.
std::vector<Record> records() {
  std::vector<Record> all;
  for (const double steps : {10.0, 20.0}) {
    for (const std::uint64_t seed : {0U, 3U}) {
      for (const char* row : {"plain", "more", "most", "odd"}) {
        const double error = 1 / (steps * static_cast<double>(1 + seed));
        all.push_back({"fake", row, {{"steps", steps}, {"horizon", 3}}, seed, {}, "mse", error});
        all.push_back({"fake", row, {{"steps", steps}}, seed, {}, "seconds", steps});
      }
    }
  }
  return all;
}

}  // namespace

TEST_CASE("the cost of a row is that of all rows it builds on", "[bench][table]") {
  const auto panels = cost_panels(spec_with_budgets(), records(), {});
  REQUIRE(panels.size() == 1);
  const auto& curves = panels[0].curves;
  CHECK(curves[0].position == std::vector<double>{10, 20});
  CHECK(curves[1].position == std::vector<double>{20, 40});
  CHECK(curves[2].position == std::vector<double>{30, 60});
  // the geometric mean of 1/10 and 1/40; the logarithms round
  CHECK(curves[2].value[0] == Approx(0.05).epsilon(1e-14));
  CHECK(curves[2].value[1] == Approx(0.025).epsilon(1e-14));
}

TEST_CASE("a row that builds on one without records has no cost", "[bench][table]") {
  const auto panels = cost_panels(spec_with_budgets(), records(), {});
  CHECK(panels[0].curves[3].position.empty());
  CHECK(panels[0].curves[4].position.empty());
}

TEST_CASE("a scatter has a point for each seed that a row has both metrics of", "[bench][table]") {
  TableSpec spec = spec_with_budgets();
  spec.metrics.push_back({.name = "energy", .title = "energy error", .unit = "J"});
  spec.metrics.push_back({.name = "total", .title = "MSE of all"});
  spec.scatters = {{"total", "energy", "Error and energy"}};
  CHECK(scatter_panels(spec, records(), {}).empty());
  std::vector<Record> all;
  for (const std::uint64_t seed : {0U, 3U}) {
    all.push_back(
        {"fake", "more", {{"steps", 10}}, seed, {}, "total", 2.0 + static_cast<double>(seed)});
    if (seed == 3) all.push_back({"fake", "more", {{"steps", 10}}, seed, {}, "energy", 7});
  }
  CHECK(scatter_panels(spec, all, {{"steps", 20}}).empty());
  const auto panels = scatter_panels(spec, all, {{"steps", 10}});
  REQUIRE(panels.size() == 1);
  CHECK(panels[0].is_scatter);
  CHECK(panels[0].heading == "Error and energy, steps 10");
  CHECK(panels[0].x.label == "energy error (J)");
  CHECK(panels[0].curves[0].position.empty());
  CHECK(panels[0].curves[1].position == std::vector<double>{7});
  CHECK(panels[0].curves[1].value == std::vector<double>{5});
}

TEST_CASE("a point of a scatter is small, of the ninth row as of the first", "[bench][table]") {
  TableSpec spec{.name = "fake",
                 .title = "Scatter",
                 .metrics = {{.name = "x", .title = "x"}, {.name = "y", .title = "y"}},
                 .scatters = {{"y", "x", "Points"}}};
  std::vector<Record> all;
  const auto add = [&](const std::string& row, double x, double y) {
    all.push_back({"fake", row, {}, 0, {}, "x", x});
    all.push_back({"fake", row, {}, 0, {}, "y", y});
  };
  for (const char* row : {"a", "b", "c", "d", "e", "f", "g", "h", "i"})
    spec.rows.push_back({row, ""});
  const std::vector<Record> curves{{"fake", "a", {}, 0, {}, "none", 1}};
  // the corners of the axes
  add("a", 1, 1);
  add("b", 100, 100);
  for (const char* row : {"c", "i"}) {
    CAPTURE(row);
    const auto before = table_figure(spec, curves, all).rgb;
    add(row, 10, 10);
    const auto after = table_figure(spec, curves, all).rgb;
    REQUIRE(before.size() == after.size());
    std::int64_t changed = 0;
    for (std::size_t i = 0; i < before.size(); i += 3)
      changed += before[i] != after[i] || before[i + 1] != after[i + 1] ? 1 : 0;
    // a disc of radius 4 px and its edge
    CHECK(changed > 30);
    CHECK(changed < 100);
    all.resize(4);
  }
}

TEST_CASE("panels of cost stand below the others", "[bench][table]") {
  TableSpec spec = spec_with_budgets();
  std::vector<Record> curves;
  for (const double steps : {10.0, 20.0})
    curves.push_back({"fake", "plain", {{"steps", steps}, {"horizon", 1}}, 0, {}, "at", 1});
  spec.panels = {{"at", "MSE"}};
  const int with_cost = table_figure(spec, curves, records()).height_px;
  spec.budget_axis = "";
  CHECK(with_cost > table_figure(spec, curves, records()).height_px + 300);
}

}  // namespace noether::bench
