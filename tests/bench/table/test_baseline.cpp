#include "bench/table/baseline.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "bench/table/run_table.h"
#include "tests/bench/table/fake_experiment.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

const Acceptance acceptance{"2026-11-21", "v1", "fewer steps"};

std::vector<Record> fake_records() { return run_table(fake_experiment(), fake_options()).records; }

// The baseline of the fake table.
Baseline fake_baseline() {
  return accept({.table = "fake", .settings = fake_settings({}).to_overrides()}, fake_spec(),
                fake_records(), acceptance);
}

std::vector<Record> measured_again() { return reproducible(fake_spec(), fake_records()); }

// The same with the errors of `row` multiplied: something broke.
std::vector<Record> broken(const std::string& row, double factor) {
  auto records = measured_again();
  for (Record& r : records) {
    if (r.row == row && r.metric == "rmse") r.value *= factor;
  }
  return records;
}

}  // namespace

TEST_CASE("a table that gives the same bits has no difference", "[bench][baseline]") {
  CHECK(fake_baseline().records.size() > 20);
  CHECK(differences(fake_baseline(), measured_again()).empty());
}

TEST_CASE("one flipped low bit of one record is a difference, and is named", "[bench][baseline]") {
  auto records = measured_again();
  Record& flipped = records.at(records.size() / 2);
  const double expected = flipped.value;
  flipped.value = std::nextafter(expected, std::numeric_limits<double>::infinity());
  const auto found = differences(fake_baseline(), records);
  REQUIRE(found.size() == 1);
  CHECK(found[0].expected == expected);
  CHECK(found[0].measured == flipped.value);
  CHECK_THAT(describe(found[0]),
             Catch::Contains(flipped.row + ": " + flipped.metric) &&
                 Catch::Contains(fmt::format("is {}, expected was {}", flipped.value, expected)));
}

TEST_CASE("a record more and a record less are differences", "[bench][baseline]") {
  auto records = measured_again();
  records.pop_back();
  const auto missing = differences(fake_baseline(), records);
  REQUIRE(missing.size() == 1);
  CHECK_THAT(describe(missing[0]), Catch::Contains("is nothing, expected was "));
  records = measured_again();
  records.push_back(records.back());
  records.back().seed = 77;
  const auto more = differences(fake_baseline(), records);
  REQUIRE(more.size() == 1);
  CHECK_THAT(describe(more[0]),
             Catch::StartsWith("seed 77, ") && Catch::Contains("expected was nothing"));
}

TEST_CASE("not a number is equal to itself alone, and zeros have signs", "[bench][baseline]") {
  const auto one = [](double value) {
    return std::vector<Record>{{.table = "t", .row = "a", .metric = "rmse", .value = value}};
  };
  const double nan = std::nan("");
  const auto is_same = [&](double a, double b) {
    return differences({.table = "t", .records = one(a)}, one(b)).empty();
  };
  CHECK(is_same(nan, -nan));
  CHECK_FALSE(is_same(nan, 1));
  CHECK_FALSE(is_same(0.0, -0.0));
}

TEST_CASE("times that were measured are no part of a baseline", "[bench][baseline]") {
  auto all = fake_records();
  const std::size_t count = all.size();
  all.push_back({.table = "fake", .row = "vanilla", .metric = "seconds", .value = 3});
  CHECK(reproducible(fake_spec(), all).size() == count);
  CHECK(differences(fake_baseline(), reproducible(fake_spec(), all)).empty());
}

TEST_CASE("for another compiler, what is worse by a quarter is a regression", "[bench][baseline]") {
  const auto baseline = fake_baseline();
  CHECK(regressions(fake_spec(), baseline, measured_again()).empty());
  CHECK(regressions(fake_spec(), baseline, broken("tailored", 1.24)).empty());
  CHECK(regressions(fake_spec(), baseline, broken("tailored", 0.1)).empty());
  const auto found = regressions(fake_spec(), baseline, broken("tailored", 1.3));
  REQUIRE(!found.empty());
  for (const std::string& one : found) CHECK_THAT(one, Catch::StartsWith("tailored"));
  CHECK_FALSE(regressions(fake_spec(), baseline, broken("control", std::nan(""))).empty());
  CHECK_FALSE(regressions(fake_spec(), baseline, {}).empty());
  // what diverged in the baseline is no measure
  Baseline diverged = baseline;
  for (Record& record : diverged.records) {
    if (record.metric == "rmse") record.value = std::nan("");
  }
  CHECK(regressions(fake_spec(), diverged, measured_again()).empty());
}

TEST_CASE("the arithmetic of a build names compiler, architecture and C library",
          "[bench][baseline]") {
  CHECK_THAT(arithmetic_of_this_build(), Catch::Contains("GNU ") || Catch::Contains("Clang "));
  CHECK(fake_baseline().arithmetic == arithmetic_of_this_build());
}

TEST_CASE("a baseline is accepted with a reason and with records only", "[bench][baseline]") {
  for (const std::string reason : {"", "  "}) {
    CHECK_THROWS_AS(accept({}, fake_spec(), fake_records(), {"2026-11-21", "v1", reason}),
                    base::UsageError);
  }
  CHECK_THROWS_AS(accept({}, fake_spec(), {}, acceptance), base::DataError);
  const auto accepted = fake_baseline();
  REQUIRE(accepted.history.size() == 1);
  CHECK(accepted.history[0].reason == "fewer steps");
  CHECK(accepted.history[0].version == "v1");
}

TEST_CASE("a baseline file holds everything", "[bench][baseline]") {
  const test::TempFolder folder;
  Baseline baseline = fake_baseline();
  baseline.history.push_back({"2026-11-22", "v2", "second"});
  baseline.records.front().value = std::nan("");
  baseline.records.back().value = 1.0 / 3;
  write_baseline(baseline, folder / "a.json");
  const auto read = read_baseline(folder / "a.json");
  CHECK(read.settings == baseline.settings);
  CHECK(read.arithmetic == baseline.arithmetic);
  CHECK(read.history.at(1).reason == "second");
  CHECK(differences(baseline, read.records).empty());
  // nothing was lost: what was read is written as the same bytes
  write_baseline(read, folder / "b.json");
  CHECK(test::read_bytes(folder / "b.json") == test::read_bytes(folder / "a.json"));
}

TEST_CASE("a file that is no baseline is named", "[bench][baseline]") {
  const test::TempFolder folder;
  const auto message = [&](const std::string& text) {
    test::write_bytes(folder / "a.json", text);
    return test::message_of<base::Error>([&] { read_baseline(folder / "a.json"); });
  };
  for (const std::string text : {"", "{", "[]", "{\"table\": 3}"})
    CHECK_THAT(message(text), Catch::Contains("a.json': is no baseline"));
  Baseline empty = fake_baseline();
  empty.records.clear();
  write_baseline(empty, folder / "a.json");
  CHECK_THAT(message(test::read_bytes(folder / "a.json")), Catch::Contains("holds no records"));
  // as earlier versions wrote it
  auto json = nlohmann::ordered_json::parse(test::read_bytes(folder / "a.json"));
  json["entries"] = json["records"];
  CHECK_THAT(message(json.dump()), Catch::Contains("a.json': is of an earlier version: remove it"));
}

TEST_CASE("what a baseline does not state is not filled in", "[bench][baseline]") {
  Baseline baseline = fake_baseline();
  baseline.settings = fake_settings({{"seeds", "5,"}, {"weight_decay", "0.03"}}).to_overrides();
  const auto settings = settings_of(baseline, fake_spec());
  CHECK(settings.seeds == std::vector<std::uint64_t>{5});
  CHECK(settings.config.number("weight_decay") == 0.03);
  baseline.settings.erase("weight_decay");
  CHECK_THROWS_WITH(settings_of(baseline, fake_spec()),
                    "the baseline of fake does not state the setting 'weight_decay'");
}

}  // namespace noether::bench
