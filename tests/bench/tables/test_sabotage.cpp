// Does `noether check` see what it is for? Programs with one fault each, made by sabotage/, must
// fail the committed baseline; the sound program passes the same.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "bench/table/baseline.h"
#include "tests/support/run_command.h"

namespace noether::bench {
namespace {

using Rows = std::vector<std::string>;

// The committed figures of these rows and their ratios, without noise. What a row gives does not
// depend on which others are asked for, and these are trained in seconds.
Baseline part_of_committed(const Rows& rows) {
  Baseline baseline = read_baseline(NOETHER_SOURCE_DIR "/bench/baselines/pendulum.json");
  const auto is_left_out = [&](const BaselineEntry& entry) {
    const auto& [row, against, at, metric] = entry.statistic;
    return at.at("noise") > 0 || std::ranges::find(rows, row) == rows.end() ||
           (!against.empty() && std::ranges::find(rows, against) == rows.end());
  };
  std::erase_if(baseline.entries, is_left_out);
  baseline.settings["noise"] = "0";
  baseline.settings["rows"] = fmt::format("{}", fmt::join(rows, ","));
  REQUIRE(baseline.entries.size() >= 2 * rows.size());  // two horizons
  return baseline;
}

test::CommandResult check(const std::string& program, const Rows& rows) {
  const test::TempFolder folder;
  write_baseline(part_of_committed(rows), folder / "pendulum.json");
  return test::run({"check", "--baselines", folder.path().string()}, {.program = program});
}

void check_is_seen(const std::string& fault, const Rows& rows) {
  const auto result = check(std::string(NOETHER_SABOTAGE) + "/" + fault, rows);
  CAPTURE(result.out, result.err);
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.err, Catch::StartsWith("noether: got worse: pendulum: "));
  CHECK_THAT(result.out, Catch::Contains("WORSE"));
  CHECK_THAT(result.out, !Catch::Contains("MISSING"));
}

}  // namespace

TEST_CASE("the sound program passes what the broken ones must fail", "[bench][regression]") {
  const auto result = check(NOETHER_BINARY, {"vanilla", "tailored"});
  CAPTURE(result.out, result.err);
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("equal or better"));
}

TEST_CASE("a derivative of tanh without its factor is a regression", "[bench][regression]") {
  check_is_seen("rule_of_tanh", {"vanilla"});
}

TEST_CASE("a second derivative of tanh with the wrong sign is a regression",
          "[bench][regression]") {
  check_is_seen("rule_of_tanh_slope", {"hnn"});
}

TEST_CASE("an inner step that moves nothing is a regression", "[bench][regression]") {
  check_is_seen("no_inner_step", {"vanilla", "tailored"});
}

TEST_CASE("an inner step uphill is a regression", "[bench][regression]") {
  check_is_seen("inner_step_uphill", {"vanilla", "tailored"});
}

TEST_CASE("a dataset whose derivatives are 5 % too large is a regression", "[bench][regression]") {
  check_is_seen("dataset_derivatives", {"vanilla"});
}

}  // namespace noether::bench
