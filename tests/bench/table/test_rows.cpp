#include "bench/table/rows.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "bench/table/run_table.h"
#include "tests/bench/table/fake_experiment.h"
#include "tests/support/file_bytes.h"

namespace noether::bench {
namespace {

using Names = std::vector<std::string>;

// b and d need a, c needs b; each comes to one more than the rows that it needs.
std::vector<FakeRow> rows_that_count(Names& made, bool b_is_left_out = false) {
  std::vector<FakeRow> rows;
  for (const RowSpec& spec : {RowSpec{"a", ""}, RowSpec{"b", "", {"a"}}, RowSpec{"c", "", {"b"}},
                              RowSpec{"d", "", {"a"}}}) {
    rows.push_back({spec,
                    [=, &made](const FakeProblem&, std::span<const int> needed,
                               const ReportStep& report) -> RowOutcome<int> {
                      report("step 1 of 1");
                      made.push_back(spec.name);
                      RowOutcome<int> outcome{
                          .measured = {.records = {{.metric = "tried", .value = 1}}}};
                      if (b_is_left_out && spec.name == "b") return outcome;
                      outcome.made = 1;
                      for (const int one : needed) *outcome.made += one;
                      return outcome;
                    }});
  }
  return rows;
}

TableSettings settings_for(const std::vector<FakeRow>& rows, const std::string& asked) {
  const TableSpec spec{.name = "t", .title = "", .rows = specs_of(rows)};
  return make_settings(spec, {{"rows", asked}});
}

// What is made where these rows are asked for, and the records.
RunResult run_asked(
    const std::vector<FakeRow>& rows, const std::string& asked,
    const ReportStep& report = [](std::string_view) {}) {
  const TableSettings settings = settings_for(rows, asked);
  const std::filesystem::path no_data;
  const RunContext run{.settings = settings, .data = no_data, .report = report};
  return run_rows(rows, FakeProblem{}, run, [](const FakeProblem&, int made) -> RunResult {
    return {.records = {{.metric = "made", .value = 1.0 * made}}};
  });
}

}  // namespace

TEST_CASE("a row that is not asked for is not made, one that is needed is made unasked",
          "[bench][rows]") {
  Names made;
  const auto rows = rows_that_count(made);
  const auto result = run_asked(rows, "c");
  CHECK(made == Names{"a", "b", "c"});
  // only what was asked for is measured
  REQUIRE(result.records.size() == 2);
  CHECK(result.records[0].row == "c");
  CHECK(result.records[0].metric == "made");
  CHECK(result.records[0].value == 3);
  CHECK(result.records[1].metric == "tried");
  made.clear();
  run_asked(rows, "a");
  CHECK(made == Names{"a"});
}

TEST_CASE("a row that several need is made once, in the order of the table", "[bench][rows]") {
  Names made;
  const auto result = run_asked(rows_that_count(made), "");
  CHECK(made == Names{"a", "b", "c", "d"});
  REQUIRE(result.records.size() == 8);
  CHECK(result.records[6].row == "d");
  CHECK(result.records[6].value == 2);
}

TEST_CASE("a row whose need was left out is left out as well", "[bench][rows]") {
  Names made;
  const auto result = run_asked(rows_that_count(made, true), "");
  CHECK(made == Names{"a", "b", "d"});
  CHECK(select(result.records, {.row = "b", .metric = "made"}).empty());
  CHECK(select(result.records, {.row = "b", .metric = "tried"}).size() == 1);
  CHECK(select(result.records, {.row = "c"}).empty());
}

TEST_CASE("reports and errors name their row", "[bench][rows]") {
  Names made, reports;
  auto rows = rows_that_count(made);
  run_asked(rows, "a", [&](std::string_view what) { reports.emplace_back(what); });
  CHECK(reports == Names{"a, step 1 of 1", "a, evaluating"});
  rows[1].make = [](const FakeProblem&, std::span<const int>,
                    const ReportStep&) -> RowOutcome<int> {
    throw base::NumericalError("diverged");
  };
  CHECK_THROWS_WITH(run_asked(rows, ""), "b: diverged");
}

TEST_CASE("a row that needs a later one is a mistake of the table", "[bench][rows]") {
  const std::vector<RowSpec> rows{{"a", "", {"b"}}, {"b", ""}};
  CHECK(test::message_of<base::Error>([&] { rows_to_make(rows, fake_settings()); }) ==
        "row 'a' needs 'b', which is not among the rows before it");
}

}  // namespace noether::bench
