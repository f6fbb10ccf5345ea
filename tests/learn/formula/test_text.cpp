#include <array>
#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/noether/quantity.h"
#include "tests/learn/formula/random_expression.h"
#include "tests/support/file_bytes.h"

namespace noether::learn::symbolic {
namespace {

const std::vector<std::string> names{"q", "p"};
const Expression q = input(0), p = input(1), c0 = parameter(0);

Expression sum(const Expression& a, const Expression& b) { return apply(Op::add, a, b); }
Expression difference(const Expression& a, const Expression& b) {
  return apply(Op::subtract, a, b);
}
Expression product(const Expression& a, const Expression& b) { return apply(Op::multiply, a, b); }
Expression quotient(const Expression& a, const Expression& b) { return apply(Op::divide, a, b); }
Expression negation(const Expression& a) { return apply(Op::negate, a); }

// Prints as this text, which parses to the same tree.
void check_text(const Expression& e, const std::string& text) {
  CHECK(print(e, names) == text);
  CHECK(parse(text, names) == e);
}

}  // namespace

TEST_CASE("formulas are printed as people write them", "[learn][symbolic]") {
  check_text(difference(apply(Op::square, p), product(number(2.4), apply(Op::cos, q))),
             "p^2 - 2.4 cos(q)");
  check_text(sum(apply(Op::square, q), product(number(1.002), apply(Op::square, p))),
             "q^2 + 1.002 p^2");
  check_text(quotient(product(c0, q), sum(q, p)), "c0 q / (q + p)");
  check_text(product(power(q, -1.5), apply(Op::sqrt, sum(q, number(1e-7)))),
             "q^-1.5 sqrt(q + 1e-07)");
}

TEST_CASE("parentheses are written where the tree needs them and only there", "[learn][symbolic]") {
  check_text(difference(q, difference(p, c0)), "q - (p - c0)");
  check_text(difference(difference(q, p), c0), "q - p - c0");
  check_text(quotient(q, quotient(p, c0)), "q / (p / c0)");
  check_text(quotient(quotient(q, p), c0), "q / p / c0");
  check_text(quotient(q, product(p, c0)), "q / (p c0)");
  check_text(product(q, product(p, c0)), "q (p c0)");
  check_text(product(quotient(number(1), number(2)), q), "1 / 2 * q");
  check_text(negation(apply(Op::square, q)), "-q^2");
  check_text(apply(Op::square, negation(q)), "(-q)^2");
  check_text(negation(product(q, p)), "-(q p)");
  check_text(product(negation(q), p), "-q p");
  check_text(difference(q, negation(p)), "q - -p");
  check_text(apply(Op::square, apply(Op::cos, q)), "cos(q)^2");
  check_text(apply(Op::cos, apply(Op::square, q)), "cos(q^2)");
  check_text(power(apply(Op::square, q), 3), "(q^2)^3");
}

TEST_CASE("numbers keep their sign and stand apart from each other", "[learn][symbolic]") {
  check_text(number(-3), "-3");
  check_text(negation(number(3)), "-(3)");
  check_text(negation(number(-3)), "--3");
  check_text(apply(Op::square, number(-3)), "(-3)^2");
  check_text(negation(apply(Op::square, number(3))), "-3^2");
  check_text(product(number(2), number(3)), "2 * 3");
  check_text(product(q, number(-3)), "q * -3");
  check_text(product(number(-3), q), "-3 q");
}

TEST_CASE("a printed formula parses to the same tree", "[learn][symbolic]") {
  const Vocabulary words{.numbers = {0, 1, 12, 0.5, -1, -2.4, 1e-7, 1e300, -1e-20, 1.0 / 3, 5e-324},
                         .exponents = {-1, 3, 0.5, -1.5, 1e-7, 0}};
  CHECK(test::holds("parse(print(e)) == e", 2000, [&] {
    const Expression e = random_expression(words, 4);
    const std::string text = print(e, names);
    RC_PRE(text.size() <= 1000U);
    RC_LOG() << text;
    RC_ASSERT(parse(text, names) == e);
  }));
}

TEST_CASE("c0, c1, ... are parameters unless a coordinate has the name", "[learn][symbolic]") {
  CHECK(parse("c12", names) == parameter(12));
  CHECK(parse("c1", {"c0", "c1"}) == input(1));
  CHECK_THROWS_AS(parse("c", names), base::UsageError);
  CHECK_THROWS_AS(parse("c1x", names), base::UsageError);
  CHECK_THROWS_AS(parse("c99999999999", names), base::UsageError);
  CHECK(test::message_of<base::UsageError>([] { formula_quantity("q + c0", names); }) ==
        "formula 'q + c0': 'c0' is neither a function nor one of the coordinates q and p");
}

TEST_CASE("what is added with a negative number is written as a difference", "[symbolic][text]") {
  const std::vector<std::string> names{"q", "p"};
  const auto written = [&](const char* formula, double c) {
    return print(with_values(parse(formula, names), std::array{c}), names);
  };
  CHECK(written("p^2 + c0 cos(q)", -3) == "p^2 - 3 cos(q)");
  CHECK(written("p^2 - c0 cos(q)", -3) == "p^2 + 3 cos(q)");
  CHECK(written("p^2 + c0 q / p", -0.5) == "p^2 - 0.5 q / p");
  CHECK(written("p^2 + c0", -2) == "p^2 - 2");
  CHECK(written("p^2 + c0 cos(q)", 3) == "p^2 + 3 cos(q)");
  // neither factor nor term
  CHECK(written("p + (c0 + q)", -2) == "p + (-2 + q)");
  CHECK(written("p + sin(c0 q)", -2) == "p + sin(-2 q)");
}

}  // namespace noether::learn::symbolic
