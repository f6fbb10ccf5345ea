#include "bench/table/record.h"

#include <rapidcheck.h>

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "tests/support/file_bytes.h"
#include "tests/support/properties.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

const std::string header = std::string(record_header) + "\n";

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

bool same(const Record& a, const Record& b) {
  return a.table == b.table && a.row == b.row && same_bits(a.noise, b.noise) &&
         same_bits(a.horizon, b.horizon) && a.seed == b.seed && a.metric == b.metric &&
         same_bits(a.value, b.value);
}

std::vector<Record> some_records() {
  return {{"pendulum", "vanilla", 0, 3, 0, "rmse", 0.07},
          {"pendulum", "vanilla", 0.1, 3, 1, "rmse", 0.1 + 0.2},
          {"pendulum", "control", 0.1, 10, 1, "rmse", 1e-300},
          {"spring", "control", 0.1, 10, 1, "energy_drift", 2}};
}

}  // namespace

TEST_CASE("records are lines of shortest numbers under the header", "[bench][record]") {
  CHECK(to_csv(some_records()) == header +
                                      "pendulum,vanilla,0.0,3.0,0,rmse,0.07\n"
                                      "pendulum,vanilla,0.1,3.0,1,rmse,0.30000000000000004\n"
                                      "pendulum,control,0.1,10.0,1,rmse,1e-300\n"
                                      "spring,control,0.1,10.0,1,energy_drift,2.0\n");
}

TEST_CASE("every number survives CSV and JSON to the bit", "[bench][record]") {
  const auto property = [](std::uint64_t bits, std::uint64_t seed) {
    const double value = std::bit_cast<double>(bits);
    const std::vector<Record> records{{"t", "r", value, 0.5, seed, "m", value}};
    const auto from_csv = parse_csv(to_csv(records));
    const auto from_json = parse_json(to_json(records));
    RC_ASSERT(from_csv.size() == 1 && from_json.size() == 1);
    RC_ASSERT(same(from_csv[0], records[0]));
    RC_ASSERT(same(from_json[0], records[0]));
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
  test::write_bytes(folder / "c.csv", to_csv(some_records()));
  CHECK(read_csv(folder / "c.csv").size() == 4);
}

TEST_CASE("a name that would break a line is refused", "[bench][record]") {
  for (const std::string name : {"a,b", "a\"b", "a\nb"}) {
    CHECK_THROWS_AS(to_csv(std::vector<Record>{{.row = name}}), base::UsageError);
  }
}

TEST_CASE("records are selected by every field given", "[bench][record]") {
  const auto records = some_records();
  CHECK(select(records, {}).size() == 4);
  CHECK(select(records, {.table = "spring"}).size() == 1);
  CHECK(select(records, {.row = "vanilla"}).size() == 2);
  CHECK(select(records, {.noise = 0.1}).size() == 3);
  CHECK(select(records, {.horizon = 3}).size() == 2);
  CHECK(select(records, {.seed = 0}).size() == 1);
  CHECK(select(records, {.metric = "rmse"}).size() == 3);
  const auto one = select(records, {.table = "pendulum", .noise = 0.1, .horizon = 10});
  REQUIRE(one.size() == 1);
  CHECK(one[0].value == 1e-300);
}

}  // namespace noether::bench
