#include "base/text.h"

#include <rapidcheck.h>

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"

namespace noether::base {
namespace {

const std::vector<std::string> known = {"spring", "pendulum", "two-body"};

}  // namespace

TEST_CASE("every finite double reads back from its decimal form, bit for bit", "[base][text]") {
  CHECK(rc::check("round trip", [](std::uint64_t bits) {
    const double value = std::bit_cast<double>(bits);
    RC_PRE(std::isfinite(value));
    const std::string text = format_double(value);
    RC_ASSERT(text.find_first_of(".e") != std::string::npos);
    RC_ASSERT(std::bit_cast<std::uint64_t>(parse_double(text, "value")) == bits);
  }));
}

TEST_CASE("the decimal form is the shortest that is unmistakably a double", "[base][text]") {
  CHECK(format_double(0.1) == "0.1");
  CHECK(format_double(3) == "3.0");
  CHECK(format_double(-0.0) == "-0.0");
  CHECK(format_double(1e-12) == "1e-12");
  CHECK(format_double(1e22) == "1e+22");
  CHECK(format_double(1.0 / 3) == "0.3333333333333333");
  CHECK(format_double(std::numeric_limits<double>::denorm_min()) == "5e-324");
}

TEST_CASE("values that are no number have a name without a point", "[base][text]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(format_double(infinity) == "inf");
  CHECK(format_double(-infinity) == "-inf");
  CHECK(format_double(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("whole numbers read back", "[base][text]") {
  CHECK(rc::check("signed", [](std::int64_t value) {
    RC_ASSERT(parse_integer(std::to_string(value), "n") == value);
  }));
  CHECK(parse_integer("-9223372036854775808", "n") == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_unsigned("18446744073709551615", "seed") ==
        std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("commas part words, and one at the end adds nothing", "[base][text]") {
  using Words = std::vector<std::string>;
  CHECK(split_commas("a,b") == Words{"a", "b"});
  CHECK(split_commas("a,") == Words{"a"});
  CHECK(split_commas(",a") == Words{"", "a"});
  CHECK(split_commas("a,,b") == Words{"a", "", "b"});
  CHECK(split_commas("").empty());
}

TEST_CASE("text that is no number is refused whole", "[base][text]") {
  for (const char* text : {"", " ", "x", "1x", " 1", "1 ", "1,5", "0x10", "--1", "1.5.2"}) {
    CHECK_THROWS_AS(parse_double(text, "dt"), UsageError);
    CHECK_THROWS_AS(parse_integer(text, "n"), UsageError);
    CHECK_THROWS_AS(parse_unsigned(text, "seed"), UsageError);
  }
  CHECK_THROWS_AS(parse_integer("1.5", "n"), UsageError);
  CHECK_THROWS_AS(parse_unsigned("-1", "seed"), UsageError);
}

TEST_CASE("a refusal names the place, the text and what was expected", "[base][text]") {
  CHECK_THROWS_WITH(parse_double("fast", "dt"), "dt: 'fast' is not a number");
  CHECK_THROWS_WITH(parse_integer("1.5", "n"), "n: '1.5' is not a whole number");
  CHECK_THROWS_WITH(parse_unsigned("-1", "seed"), "seed: '-1' is not a whole number of at least 0");
}

TEST_CASE("a number too large to hold is called out of range", "[base][text]") {
  CHECK_THROWS_WITH(parse_double("1e400", "dt"), "dt: '1e400' is out of range");
  CHECK_THROWS_WITH(parse_integer("9223372036854775808", "n"),
                    "n: '9223372036854775808' is out of range");
  CHECK_THROWS_WITH(parse_unsigned("18446744073709551616", "seed"),
                    "seed: '18446744073709551616' is out of range");
}

TEST_CASE("words are joined as a sentence lists them", "[base][text]") {
  using Words = std::vector<std::string>;
  CHECK(join(Words{}).empty());
  CHECK(join(Words{"a"}) == "a");
  CHECK(join(Words{"a", "b"}) == "a and b");
  CHECK(join(Words{"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("an unknown name brings the nearest known one", "[base][text]") {
  CHECK(
      unknown_name("dataset", "pendulm", known) ==
      "unknown dataset 'pendulm'; did you mean 'pendulum'? (known: spring, pendulum and two-body)");
  CHECK(unknown_name("dataset", "twobody", known).find("'two-body'?") != std::string::npos);
}

TEST_CASE("an unknown name like no other brings no suggestion", "[base][text]") {
  CHECK(unknown_name("dataset", "mnist", known) ==
        "unknown dataset 'mnist' (known: spring, pendulum and two-body)");
}

TEST_CASE("bytes are given in the unit that suits them", "[base][text]") {
  CHECK(format_bytes(0) == "0 bytes");
  CHECK(format_bytes(1023) == "1023 bytes");
  CHECK(format_bytes(1024) == "1.0 KiB");
  CHECK(format_bytes(1.5 * 1024 * 1024) == "1.5 MiB");
  CHECK(format_bytes(std::pow(1024.0, 5)) == "1024.0 TiB");
}

}  // namespace noether::base
