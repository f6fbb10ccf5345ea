#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/formula/unit.h"
#include "tests/support/file_bytes.h"

namespace noether::learn::symbolic {
namespace {

const std::vector<std::string> names{"q", "p", "x"};
const std::vector<std::optional<Unit>> units{parse_unit("rad"), parse_unit("1"), parse_unit("m")};

std::string read_back(const std::string& text) { return to_string(*parse_unit(text)); }

// The unit of a formula as a text, "free" where it has none.
std::string unit(const std::string& formula) {
  const auto u = unit_of(parse(formula, names), units);
  return u ? to_string(*u) : "free";
}

std::string message(const std::string& formula) {
  return test::message_of<base::UsageError>([&] { unit(formula); });
}

}  // namespace

TEST_CASE("units are read as data sets write them", "[learn][symbolic]") {
  CHECK(read_back("1") == "1");
  CHECK(read_back("rad/s") == "rad/s");
  CHECK(read_back("s^-1") == "1/s");
  CHECK(read_back("kg m^2/s^2") == "kg m^2/s^2");
  CHECK(read_back("m^0.5") == "m^0.5");
  CHECK(read_back("m^(1/3)/s/furlong") == "m^(1/3)/furlong/s");
  CHECK(read_back("m * s / m") == "s");
  CHECK_FALSE(parse_unit("").has_value());
}

TEST_CASE("joule, newton, hertz and watt are made of base units", "[learn][symbolic]") {
  CHECK(parse_unit("J") == parse_unit("kg m^2/s^2"));
  CHECK(parse_unit("N m") == parse_unit("J"));
  CHECK(parse_unit("Hz") == parse_unit("1/s"));
  CHECK(parse_unit("W s") == parse_unit("J"));
}

TEST_CASE("a unit that does not parse is named with the place", "[learn][symbolic]") {
  const auto error = [](const std::string& text) {
    return test::message_of<base::UsageError>([&] { parse_unit(text); });
  };
  CHECK(error("m^^2") == "unit 'm^^2', position 3: an exponent was expected (as in kg m^2/s^2)");
  CHECK(error("/") ==
        "unit '/', position 1: a symbol such as m, or 1, was expected (as in kg m^2/s^2)");
  CHECK(error("3 m") ==
        "unit '3 m', position 1: a symbol such as m, or 1, was expected (as in kg m^2/s^2)");
  for (const char* text : {"m/", "m^", " ", "m^nan", "m^inf", "m^0.123456", "m^(1/0)"}) {
    CAPTURE(text);
    CHECK(error(text) != "");
  }
}

TEST_CASE("formulas have the unit that their parts give", "[learn][symbolic]") {
  CHECK(unit("p^2 - 2.4 cos(q)") == "1");
  CHECK(unit("q^2 / x") == "rad^2/m");
  CHECK(unit("sqrt(x)") == "m^0.5");
  CHECK(unit("x^-1.5") == "1/m^1.5");
  CHECK(unit("-x") == "m");
  CHECK(unit("exp(q) + log(p)") == "1");
  CHECK(unit("x / x") == "1");
}

TEST_CASE("a parameter has the unit that its place needs", "[learn][symbolic]") {
  CHECK(unit("c0") == "free");
  CHECK(unit("x + c0") == "m");
  CHECK(unit("x + c0 p") == "m");
  CHECK(unit("c0 x") == "free");
  CHECK(unit("sin(c0 x)") == "1");
  CHECK(unit("(c0 + c1)^2") == "free");
  CHECK(unit("sqrt(c0)^3 / x") == "free");
}

TEST_CASE("formulas whose units do not fit are refused", "[learn][symbolic]") {
  CHECK(message("x + q") == "m and rad are added: only quantities of one unit are");
  CHECK(message("x - 1") == "m and 1 are added: only quantities of one unit are");
  CHECK(message("sin(p)") == "sin of something in 1: expected rad");
  CHECK(message("log(x)") == "log of something in m: expected rad or 1");
  CHECK(message("((x^1000)^1000)^1000") == "the power of a unit is beyond 1000000");
  CHECK(message("x^0.123456") ==
        "m to the power 0.123456 has no unit: expected a fraction with a denominator up to 100");
}

}  // namespace noether::learn::symbolic
