// Does `noether check` see what it is for? Programs with one fault each, made by sabotage/, must
// fail the committed baseline; the sound program passes the same.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "bench/table/baseline.h"
#include "tests/support/run_command.h"

namespace noether::bench {
namespace {

using Rows = std::vector<std::string>;

// The committed records of these rows, without noise and of one seed. What a row gives does not
// depend on which others are asked for, and these are trained in seconds.
Baseline part_of_committed(const Rows& rows) {
  Baseline baseline = read_baseline(NOETHER_SOURCE_DIR "/bench/baselines/pendulum.json");
  std::erase_if(baseline.records, [&](const Record& record) {
    return record.seed != 0 || record.at.at("noise") > 0 ||
           std::ranges::find(rows, record.row) == rows.end();
  });
  baseline.settings["seeds"] = "0,";
  baseline.settings["noise"] = "0";
  baseline.settings["rows"] = fmt::format("{}", fmt::join(rows, ","));
  REQUIRE(baseline.records.size() >= 2 * rows.size());  // two horizons
  return baseline;
}

test::CommandResult check(const std::string& program, const Baseline& baseline) {
  const test::TempFolder folder;
  write_baseline(baseline, folder / "pendulum.json");
  return test::run({"check", "--baselines", folder.path().string()}, {.program = program});
}

void check_is_seen(const std::string& fault, const Rows& rows) {
  const auto result = check(std::string(NOETHER_SABOTAGE) + "/" + fault, part_of_committed(rows));
  CAPTURE(result.out, result.err);
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.err, Catch::StartsWith("noether: pendulum: ") &&
                             Catch::Contains("records differ, the first: seed 0, ") &&
                             !Catch::Contains("nothing"));
}

}  // namespace

TEST_CASE("the sound program passes what the broken ones must fail", "[bench][regression]") {
  const auto result = check(NOETHER_BINARY, part_of_committed({"vanilla", "tailored"}));
  CAPTURE(result.out, result.err);
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("equal to the last bit"));
}

TEST_CASE("one flipped bit of the baseline is a regression", "[bench][regression]") {
  Baseline baseline = part_of_committed({"vanilla"});
  double& value = baseline.records.front().value;
  value = std::nextafter(value, 1);
  const auto result = check(NOETHER_BINARY, baseline);
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.err, Catch::Contains("pendulum: 1 of ") && Catch::Contains("seed 0, vanilla"));
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
