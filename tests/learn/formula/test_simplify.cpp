#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/formula/normal_form.h"
#include "learn/formula/simplify.h"
#include "learn/formula/unit.h"
#include "tests/learn/formula/random_expression.h"

namespace noether::learn::symbolic {
namespace {

const std::vector<std::string> names{"q", "p"};

std::string simple(const std::string& formula) {
  return print(simplify(parse(formula, names)), names);
}

// The same with another parameter wherever there is one.
Expression with_own_parameters(const Expression& e) {
  int next = 0;
  return fold<Expression>(e, [&](const Node& n, std::span<const Expression> a) {
    if (n.op == Op::parameter) return parameter(next++);
    return arity(n.op) == 0 ? Expression(n) : apply(n, a);
  });
}

}  // namespace

TEST_CASE("like terms and factors are collected", "[learn][symbolic]") {
  CHECK(simple("q + p + q") == "2 q + p");
  CHECK(simple("q p q / p") == "q^2");
  CHECK(simple("q - q") == "0");
  CHECK(simple("q / q") == "1");
  CHECK(simple("2 q 3 / 4") == "1.5 q");
  CHECK(simple("sin(q) cos(q) / sin(q)") == "cos(q)");
  CHECK(simple("0.1 q + 0.2 q - 0.3 q") == "0");
  CHECK(simple("q / p / c0") == "q / (c0 p)");
  CHECK(simple("sqrt(q) sqrt(q)") == "q");
}

TEST_CASE("products and squares of sums are multiplied out", "[learn][symbolic]") {
  CHECK(simple("(q + p) (q - p)") == "q^2 - p^2");
  CHECK(simple("(q + p)^2 - 2 q p") == "q^2 + p^2");
  CHECK(simple("c0 (q + p)") == "c0 q + c0 p");
  CHECK(simple("(q + 1)^3") == "q^3 + 3 q^2 + 3 q + 1");
}

TEST_CASE("a minus leaves odd and even functions", "[learn][symbolic]") {
  CHECK(simple("sin(-q)") == "-sin(q)");
  CHECK(simple("cos(p - q)") == "cos(q - p)");
  CHECK(simple("sin(p - q) + sin(q - p)") == "0");
  CHECK(simple("--q") == "q");
}

TEST_CASE("a sum divided by itself is one, whatever its scale", "[learn][symbolic]") {
  CHECK(simple("(q + p) / (q + p)") == "1");
  CHECK(simple("(2 q + 2 p) / (q + p)") == "2");
  CHECK(simple("q (q + p) / (p + q)") == "q");
  CHECK(simple("(q + p) / (q + p)^2") == "1 / (q + p)");
  CHECK(simple("q / (q^2 + q p)") == "1 / (q + p)");
  CHECK(simple("q / (q + p) + p / (q + p)") == "1");
  CHECK(simple("1 / (1 / (q + p))") == "q + p");
}

TEST_CASE("formulas are written as people write them", "[learn][symbolic]") {
  CHECK(simple("-2.4 cos(q) + p * p") == "p^2 - 2.4 cos(q)");
  CHECK(simple("c0 * p^2 + q^2") == "q^2 + c0 p^2");
  CHECK(simple("-q + p") == "p - q");
  CHECK(simple("sqrt(q^2)") == "sqrt(q^2)");
  CHECK(simple("q^-1.5 q") == "1 / sqrt(q)");
}

TEST_CASE("what has no finite value is left as it is", "[learn][symbolic]") {
  for (const char* formula : {"1 / 0", "q / (p - p)", "sqrt(-1) q", "log(0)"}) {
    CHECK(simplify(parse(formula, names)) == parse(formula, names));
  }
}

TEST_CASE("simplifying keeps the value", "[learn][symbolic]") {
  const Vocabulary words{.operations = {Op::add, Op::subtract, Op::multiply, Op::divide, Op::sin,
                                        Op::cos, Op::square, Op::negate, Op::sqrt, Op::power,
                                        Op::log}};
  CHECK(test::holds("value of simplify(e)", 2000, [&] {
    const Expression e = random_expression(words, 4);
    const Expression s = simplify(e);
    RC_LOG() << print(e, names) << "  ->  " << print(s, names);
    const auto number = [] { return *rc::gen::inRange(200, 1900) * 1e-3; };
    const std::vector<double> state{number(), -number()}, c{number(), number()};
    const double before = evaluate(e, state, c), after = evaluate(s, state, c);
    // in a formula with terms beyond a million, rounding shows
    if (!std::isfinite(before) || !std::isfinite(after) || std::abs(before) > 1e6) return;
    RC_ASSERT(std::abs(after - before) <= 1e-9 * std::max(1.0, std::abs(before)));
  }));
}

TEST_CASE("simplifying twice is simplifying once", "[learn][symbolic]") {
  CHECK(test::holds("idempotent", 3000, [&] {
    const Expression e = random_expression({}, 4);
    const Expression once = simplify(e);
    RC_LOG() << print(e, names) << "  ->  " << print(once, names) << "  ->  "
             << print(simplify(once), names);
    RC_ASSERT(simplify(once) == once);
  }));
}

TEST_CASE("simplifying keeps the unit", "[learn][symbolic]") {
  const std::vector<std::optional<Unit>> units{parse_unit("rad"), parse_unit("m")};
  CHECK(test::holds("unit of simplify(e)", 3000, [&] {
    const Expression e = with_own_parameters(random_expression({}, 3));
    std::optional<Unit> before;
    try {
      before = unit_of(e, units);
    } catch (const base::UsageError&) {
      return;
    }
    const Expression s = simplify(e);
    RC_LOG() << print(e, names) << "  ->  " << print(s, names);
    if (s == number(0)) return;  // which is so many metres as radians
    const std::optional<Unit> after = unit_of(s, units);
    RC_ASSERT((!before || !after || *before == *after));
  }));
}

TEST_CASE("simplifying never lengthens a sum, or a product", "[learn][symbolic]") {
  const Vocabulary sums{.operations = {Op::add, Op::subtract, Op::negate, Op::cos, Op::exp}};
  const Vocabulary products{.numbers = {2, 3}, .operations = {Op::multiply, Op::divide, Op::cos}};
  CHECK(test::holds("size of simplify(e)", 2000, [&] {
    const Expression e = random_expression(*rc::gen::arbitrary<bool>() ? sums : products, 4);
    RC_LOG() << print(e, names) << "  ->  " << print(simplify(e), names);
    RC_ASSERT(simplify(e).size() <= e.size());
  }));
}

}  // namespace noether::learn::symbolic
