#include "bench/table/record.h"

#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tests/support/file_bytes.h"
#include "tests/support/properties.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

const std::vector<std::string> axes{"noise", "horizon"};
const std::string header = "table,row,noise,horizon,seed,metric,value\n";

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

bool same(const Record& a, const Record& b) {
  const auto same_place = [](const auto& x, const auto& y) {
    return x.first == y.first && same_bits(x.second, y.second);
  };
  return a.table == b.table && a.row == b.row && a.seed == b.seed && a.sample == b.sample &&
         a.metric == b.metric && same_bits(a.value, b.value) &&
         std::ranges::equal(a.at, b.at, same_place);
}

Coordinates at(double noise, double horizon) { return {{"noise", noise}, {"horizon", horizon}}; }

std::vector<Record> some_records() {
  return {{.table = "pendulum", .row = "vanilla", .at = at(0, 3), .metric = "rmse", .value = 0.07},
          {.table = "pendulum",
           .row = "vanilla",
           .at = at(0.1, 3),
           .seed = 1,
           .metric = "rmse",
           .value = 0.1 + 0.2},
          {.table = "pendulum",
           .row = "control",
           .at = at(0.1, 10),
           .seed = 1,
           .metric = "rmse",
           .value = 1e-300},
          {.table = "spring",
           .row = "control",
           .at = {{"noise", 0.1}},
           .seed = 1,
           .metric = "seconds",
           .value = 2}};
}

}  // namespace

TEST_CASE("records are lines of shortest numbers, a column an axis", "[bench][record]") {
  CHECK(to_csv(some_records(), axes) == header +
                                            "pendulum,vanilla,0.0,3.0,0,rmse,0.07\n"
                                            "pendulum,vanilla,0.1,3.0,1,rmse,0.30000000000000004\n"
                                            "pendulum,control,0.1,10.0,1,rmse,1e-300\n"
                                            "spring,control,0.1,,1,seconds,2.0\n");
}

TEST_CASE("samples have a column where there are any, and a table without axes has none",
          "[bench][record]") {
  const std::vector<Record> records{
      {.table = "t", .row = "r", .sample = 7, .metric = "mse", .value = 1},
      {.table = "t", .row = "r", .metric = "seconds", .value = 2}};
  const std::string text = to_csv(records, {});
  CHECK(text == "table,row,seed,sample,metric,value\nt,r,0,7,mse,1.0\nt,r,0,,seconds,2.0\n");
  const auto read = parse_csv(text);
  REQUIRE(read.size() == 2);
  CHECK(same(read[0], records[0]));
  CHECK(same(read[1], records[1]));
}

TEST_CASE("records of earlier versions are read: their axes were noise and horizon",
          "[bench][record]") {
  const auto read = parse_csv(header + "spring,hnn,0.1,0.0,3,step_mse,0.5\n");
  REQUIRE(read.size() == 1);
  CHECK(same(read[0], {.table = "spring",
                       .row = "hnn",
                       .at = at(0.1, 0),
                       .seed = 3,
                       .metric = "step_mse",
                       .value = 0.5}));
}

TEST_CASE("a coordinate without a column is refused", "[bench][record]") {
  const std::vector<std::string> noise{"noise"};
  CHECK_THROWS_AS(to_csv(some_records(), noise), base::UsageError);
}

TEST_CASE("every number survives CSV and JSON to the bit", "[bench][record]") {
  const auto property = [](std::uint64_t bits, std::uint64_t seed) {
    const double value = std::bit_cast<double>(bits);
    const std::vector<Record> records{{.table = "t",
                                       .row = "r",
                                       .at = at(value, 0.5),
                                       .seed = seed,
                                       .metric = "m",
                                       .value = value}};
    const auto from_csv = parse_csv(to_csv(records, axes));
    RC_ASSERT(from_csv.size() == 1U);
    RC_ASSERT(same(from_csv[0], records[0]));
    const auto json = nlohmann::json::parse(to_json(records)).at(0);
    RC_ASSERT(json.at("seed") == seed);
    if (std::isfinite(value)) {
      RC_ASSERT(same_bits(json.at("value").get<double>(), value));
      RC_ASSERT(same_bits(json.at("noise").get<double>(), value));
    } else {
      RC_ASSERT(json.at("value") == (std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf"));
    }
  };
  // all bit patterns, by multiplication with an odd number: rapidcheck's own begin small
  CHECK(test::holds("round trip", 300, [&] {
    const auto bits = *rc::gen::arbitrary<std::uint64_t>() * 0x9E3779B97F4A7C15U;
    property(bits, *rc::gen::arbitrary<std::uint64_t>());
  }));
  for (const double special : {std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(), std::nan(""), -0.0}) {
    property(std::bit_cast<std::uint64_t>(special), ~std::uint64_t{0});
  }
}

TEST_CASE("a line that is no record is named", "[bench][record]") {
  const auto message = [](const std::string& text) {
    return test::message_of<base::DataError>([&] { parse_csv(text); });
  };
  CHECK_THAT(message("a,b\n"), Catch::StartsWith("line 1: expected the header 'table,row,"));
  CHECK_THAT(message("table,row,value\n"), Catch::Contains("found 'table,row,value'"));
  CHECK_THAT(message(""), Catch::StartsWith("line 1: "));
  CHECK(message(header + "t,r,0,3,0,rmse\n") == "line 2: 6 fields, expected 7");
  CHECK(message(header + "t,r,0,3,0,rmse,1\nt,r,0,3,0,rmse,1,2\n") ==
        "line 3: 8 fields, expected 7");
  CHECK(message(header + "t,r,0,3,-1,rmse,1\n") ==
        "line 2: seed: '-1' is not a whole number of at least 0");
  CHECK(message(header + "t,r,0,3,0,rmse,\n") == "line 2: value: '' is not a number");
}

TEST_CASE("a file that is no record file is named", "[bench][record]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a.csv", "nothing of the sort\n");
  CHECK_THROWS_WITH(read_csv(folder / "a.csv"), Catch::Contains("a.csv': line 1"));
  CHECK_THROWS_WITH(read_csv(folder / "b.csv"), Catch::Contains("cannot read"));
  test::write_bytes(folder / "c.csv", to_csv(some_records(), axes));
  CHECK(read_csv(folder / "c.csv").size() == 4);
}

TEST_CASE("a name that would break a line is refused", "[bench][record]") {
  for (const std::string name : {"a,b", "a\"b", "a\nb"}) {
    CHECK_THROWS_AS(to_csv(std::vector<Record>{{.row = name}}, axes), base::UsageError);
  }
}

TEST_CASE("records are selected by every field given", "[bench][record]") {
  const auto records = some_records();
  CHECK(select(records, {}).size() == 4);
  CHECK(select(records, {.row = "vanilla"}).size() == 2);
  CHECK(select(records, {.at = {{"noise", 0.1}}}).size() == 3);
  CHECK(select(records, {.at = {{"horizon", 3}}}).size() == 2);
  CHECK(select(records, {.seed = 0}).size() == 1);
  CHECK(select(records, {.metric = "rmse"}).size() == 3);
  const auto one = select(records, {.row = "control", .at = at(0.1, 10)});
  REQUIRE(one.size() == 1);
  CHECK(one[0].value == 1e-300);
}

}  // namespace noether::bench
