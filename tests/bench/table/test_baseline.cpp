#include "bench/table/baseline.h"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "bench/table/run_table.h"
#include "tests/bench/table/fake_experiment.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

const std::string machine = "a processor, 2 cores";

std::vector<Record> one_record(double value) {
  return {
      {.table = "t", .row = "vanilla", .at = {{"horizon", 3}}, .metric = "rmse", .value = value}};
}

// A baseline of one number, 0.5, with a relative tolerance of a tenth.
Baseline one_entry(Better better = Better::lower) {
  return {.table = "t",
          .entries = {{.statistic = {.row = "vanilla", .at = {{"horizon", 3}}, .metric = "rmse"},
                       .value = 0.5,
                       .better = better,
                       .tolerance = 0.1,
                       .reason = "seeds differ by that"}}};
}

Verdict verdict_of(const Baseline& baseline, double value) {
  return compare(baseline, one_record(value)).at(0).verdict;
}

// The fake experiment with the error of `row` multiplied: something broke.
std::vector<Record> broken(const std::string& row, double factor) {
  auto records = run_table(fake_experiment(), fake_options()).records;
  for (Record& r : records) {
    if (r.row == row && r.metric == "rmse") r.value *= factor;
  }
  return records;
}

}  // namespace

TEST_CASE("where lower is better, what is beyond the limit is worse", "[bench][baseline]") {
  // one product, one sum
  CHECK(limit_of(one_entry().entries[0]) == Approx(0.55).epsilon(1e-15));
  CHECK(verdict_of(one_entry(), 0.5) == Verdict::equal);
  CHECK(verdict_of(one_entry(), 0.549) == Verdict::equal);
  CHECK(verdict_of(one_entry(), 0.551) == Verdict::worse);
  CHECK(verdict_of(one_entry(), 0.46) == Verdict::equal);
  CHECK(verdict_of(one_entry(), 0.44) == Verdict::better);
}

TEST_CASE("where higher is better, the other way round", "[bench][baseline]") {
  CHECK(verdict_of(one_entry(Better::higher), 0.449) == Verdict::worse);
  CHECK(verdict_of(one_entry(Better::higher), 0.451) == Verdict::equal);
  CHECK(verdict_of(one_entry(Better::higher), 0.56) == Verdict::better);
}

TEST_CASE("an absolute tolerance is one in the unit of the value", "[bench][baseline]") {
  auto baseline = one_entry();
  baseline.entries[0].relative = false;
  CHECK(limit_of(baseline.entries[0]) == Approx(0.6).epsilon(1e-15));
  CHECK(verdict_of(baseline, 0.59) == Verdict::equal);
  CHECK(verdict_of(baseline, 0.61) == Verdict::worse);
}

TEST_CASE("what is not a number is worse than anything", "[bench][baseline]") {
  for (const auto better : {Better::lower, Better::higher}) {
    CHECK(verdict_of(one_entry(better), std::numeric_limits<double>::quiet_NaN()) ==
          Verdict::worse);
  }
}

TEST_CASE("equal and better pass, worse and missing fail", "[bench][baseline]") {
  CHECK(passed(compare(one_entry(), one_record(0.5))));
  CHECK(passed(compare(one_entry(), one_record(0.1))));
  CHECK_FALSE(passed(compare(one_entry(), one_record(0.6))));
  const auto missing = compare(one_entry(), {});
  CHECK(missing.at(0).verdict == Verdict::missing);
  CHECK_FALSE(passed(missing));
}

TEST_CASE("a finding tells measured, expected and limit", "[bench][baseline]") {
  CHECK(describe(compare(one_entry(), one_record(0.6))[0]) ==
        "WORSE   vanilla: rmse at horizon 3.0  measured 0.6, expected 0.5, limit 0.55");
  CHECK_THAT(describe(compare(one_entry(), {})[0]),
             Catch::StartsWith("MISSING ") && Catch::Contains("measured nothing"));
}

TEST_CASE("a baseline is accepted with a reason only", "[bench][baseline]") {
  for (const std::string reason : {"", "  "}) {
    CHECK_THROWS_AS(accept(one_entry(), one_record(0.6), {"2026-11-21", "v1", reason}, machine),
                    base::UsageError);
  }
  const auto accepted =
      accept(one_entry(), one_record(0.6), {"2026-11-21", "v1", "fewer steps"}, machine);
  CHECK(accepted.entries[0].value == 0.6);
  CHECK(accepted.entries[0].tolerance == 0.1);
  CHECK(accepted.version == "v1");
  CHECK(accepted.machine == machine);
  REQUIRE(accepted.history.size() == 1);
  CHECK(accepted.history[0].reason == "fewer steps");
}

TEST_CASE("what is missing or not finite is not accepted", "[bench][baseline]") {
  const Acceptance acceptance{"2026-11-21", "v1", "because"};
  CHECK_THROWS_AS(accept(one_entry(), {}, acceptance, machine), base::DataError);
  CHECK_THROWS_WITH(
      accept(one_entry(), one_record(std::numeric_limits<double>::infinity()), acceptance, machine),
      Catch::Contains("it is not finite"));
}

TEST_CASE("a baseline file holds everything", "[bench][baseline]") {
  const test::TempFolder folder;
  Baseline baseline = one_entry(Better::higher);
  baseline.settings = {{"seeds", "0,5"}, {"weight_decay", "0.03"}};
  baseline.entries.push_back({.statistic = {"tailored", "control", {{"noise", 0.1}}, "mse"},
                              .value = 0.7,
                              .tolerance = 0.02,
                              .relative = false,
                              .reason = "measured"});
  baseline.history = {{"2026-11-20", "v0", "first"}, {"2026-11-21", "v1", "second"}};
  write_baseline(baseline, folder / "a.json");
  const auto read = read_baseline(folder / "a.json");
  CHECK(read.settings == baseline.settings);
  CHECK(read.entries.at(0).better == Better::higher);
  CHECK(read.entries.at(1).statistic.against == "control");
  CHECK(read.entries.at(1).statistic.at == Coordinates{{"noise", 0.1}});
  CHECK_FALSE(read.entries.at(1).relative);
  CHECK(read.history.at(1).reason == "second");
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
  write_baseline({.table = "t"}, folder / "a.json");
  CHECK_THAT(message(test::read_bytes(folder / "a.json")), Catch::Contains("holds no entries"));
  write_baseline(one_entry(), folder / "a.json");
  std::string text = test::read_bytes(folder / "a.json");
  text.replace(text.find("\"lower\""), 7, "\"lowre\"");
  CHECK_THAT(message(text), Catch::Contains("'better' is 'lowre', expected 'lower' or 'higher'"));
  // as earlier versions wrote it
  auto json = nlohmann::ordered_json::parse(test::read_bytes(folder / "a.json"));
  json["flags"] = json["settings"];
  CHECK_THAT(message(json.dump()), Catch::Contains("a.json': is of an earlier version: remove it"));
}

TEST_CASE("what a baseline does not state is not filled in", "[bench][baseline]") {
  Baseline baseline = one_entry();
  baseline.settings = fake_settings({{"seeds", "5,"}, {"weight_decay", "0.03"}}).to_overrides();
  const auto settings = settings_of(baseline, fake_spec());
  CHECK(settings.seeds == std::vector<std::uint64_t>{5});
  CHECK(settings.config.number("weight_decay") == 0.03);
  baseline.settings.erase("weight_decay");
  CHECK_THROWS_WITH(settings_of(baseline, fake_spec()),
                    "the baseline of t does not state the setting 'weight_decay'");
}

TEST_CASE("a drafted baseline passes what it was drafted from and sees what breaks",
          "[bench][baseline]") {
  const auto draft = draft_baseline(fake_spec(), fake_settings(), broken("none", 1));
  // two noises, two horizons: three rows and four comparisons
  CHECK(draft.entries.size() == 2 * 2 * 7);
  CHECK(passed(compare(draft, broken("none", 1))));
  const auto findings = compare(draft, broken("tailored", 1.2));
  CHECK_FALSE(passed(findings));
  // paired ratios see what errors hide, which differ between seeds by more
  for (const Finding& finding : findings) {
    const bool is_seen = finding.verdict == Verdict::worse;
    CHECK(is_seen ==
          (finding.entry.statistic.row == "tailored" && !finding.entry.statistic.against.empty()));
  }
}

}  // namespace noether::bench
