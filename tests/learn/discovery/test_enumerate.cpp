#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "base/error.h"
#include "learn/discovery/formulas/enumerate.h"
#include "learn/discovery/formulas/family.h"
#include "learn/formula/directions.h"
#include "tests/learn/formula/random_expression.h"

namespace noether::learn::symbolic {
namespace {

const std::vector<std::string> names{"q", "p"};
const Language pendulum{.inputs = {parse_unit("rad"), parse_unit("1")}};
const Language spring{.inputs = {parse_unit("1"), parse_unit("1")}};

std::string family_of(const std::string& formula) {
  return print(to_expression(family(normal_form(parse(formula, names)))), names);
}

std::string law_of(const std::string& formula) {
  return print(to_expression(law(normal_form(parse(formula, names))).value()), names);
}

bool contains(const Candidates& candidates, const std::string& formula) {
  return std::ranges::any_of(candidates.laws,
                             [&](const Expression& e) { return print(e, names) == formula; });
}

// All trees of that size, each pair of operands in both orders, by plain recursion.
std::vector<Expression> all_trees(const Language& language, int size) {
  std::vector<Expression> result;
  if (size == 1) {
    for (std::size_t i = 0; i < language.inputs.size(); ++i) {
      result.push_back(input(static_cast<int>(i)));
    }
    result.push_back(parameter(0));
  }
  for (const Op op : language.operations) {
    for (int left = 1; left < size; ++left) {
      if (arity(op) == 1 && left + 1 != size) continue;
      for (const Expression& a : all_trees(language, left)) {
        if (arity(op) == 1) result.push_back(apply(op, a));
        if (arity(op) == 1 || left + 2 > size) continue;
        for (const Expression& b : all_trees(language, size - 1 - left)) {
          result.push_back(apply(op, a, b));
        }
      }
    }
  }
  return result;
}

// The tree with operands of sums and products in one order.
Expression ordered(const Expression& e) {
  return fold<Expression>(e, [](const Node& n, std::span<const Expression> a) {
    if (a.empty()) return Expression(n);
    const bool swap =
        (n.op == Op::add || n.op == Op::multiply) && print(a[1], names) < print(a[0], names);
    return swap ? apply(n.op, a[1], a[0]) : apply(n, a);
  });
}

}  // namespace

TEST_CASE("the census counts the trees that plain recursion finds", "[learn][symbolic]") {
  for (const Language& language : {pendulum, spring}) {
    const Census census = count_formulas(language);
    for (int size = 1; size <= 5; ++size) {
      std::set<std::string> valid;
      for (const Expression& e : all_trees(language, size)) {
        try {
          unit_of(e, language.inputs);
          valid.insert(print(ordered(e), names));
        } catch (const base::UsageError&) {
        }
      }
      CHECK(census.valid_of_size[static_cast<std::size_t>(size)] ==
            static_cast<double>(valid.size()));
    }
  }
}

TEST_CASE("formulas of seven nodes are as many as in the published search, by order",
          "[learn][symbolic]") {
  CHECK(count_formulas(pendulum).valid == 42119);  // published: 41,460
  CHECK(count_formulas(spring).valid == 40299);    // published: 72,372
  const Census large = count_formulas({.inputs = std::vector(8, parse_unit("")), .max_nodes = 11});
  CHECK(large.bytes > 1e10);
}

TEST_CASE("parameters that occur once take up constants", "[learn][symbolic]") {
  CHECK(family_of("2 c0 c1 q") == "c0 q");
  CHECK(family_of("-c0 q") == "c0 q");
  CHECK(family_of("q / c3") == "c0 q");
  CHECK(family_of("q + c0 c1 - 3 + c2") == "q + c0");
  CHECK(family_of("c1 q + q + p") == "c0 q + p");
  CHECK(family_of("p cos(c0 - q)") == "p sin(q + c0)");
  CHECK(family_of("1 / (c0 q + c1 p)") == "c1 / (q + c0 p)");
  CHECK(family_of("c0 / (c1 q + p)") == family_of("c1 / (q + c0 p)"));
  CHECK(family_of("c0 q + c0 p") == "c0 q + c0 p");
}

TEST_CASE("a scaled or shifted law, or a function of it, is the same law", "[learn][symbolic]") {
  for (const char* same : {"c0 (q^2 + p)", "3 - 2 (q^2 + p)", "c0 / (q^2 + p)", "sin(q^2 + p)",
                           "c0 (p + q^2)^-3 + c1", "1 - 2 cos(p + q^2)"}) {
    CAPTURE(same);
    CHECK(law_of(same) == "q^2 + p");
  }
  CHECK(law_of("p / q") == law_of("q / p"));
  CHECK(law_of("c0 q^2 + p^2") == law_of("q^2 - c3 p^2"));
  CHECK(law_of("q^2 p^4") == law_of("q p^2"));
}

TEST_CASE("the true laws of pendulum and spring are candidates", "[learn][symbolic]") {
  const Candidates found = enumerate(pendulum);
  CHECK(contains(found, "p^2 + c0 cos(q)"));
  CHECK(contains(enumerate(spring), "q^2 + c0 p^2"));
  CHECK(static_cast<double>(found.laws.size()) < static_cast<double>(found.distinct));
  CHECK(static_cast<double>(found.distinct) < found.valid);
}

TEST_CASE("candidates are small, have a unit and depend on an input", "[learn][symbolic]") {
  for (const Language& language : {pendulum, spring}) {
    for (const Expression& e : enumerate(language).laws) {
      CAPTURE(print(e, names));
      CHECK(e.size() <= language.max_nodes);
      CHECK(e.has_input());
      CHECK_NOTHROW(unit_of(e, language.inputs));
    }
  }
}

TEST_CASE("the enumeration has no twins", "[learn][symbolic]") {
  const std::vector<Expression> laws = enumerate(spring).laws;
  std::set<std::string> forms;
  for (const Expression& e : laws) forms.insert(print(to_expression(*law(normal_form(e))), names));
  CHECK(forms.size() == laws.size());
  std::vector<Expression> free_of_parameters;
  std::ranges::copy_if(laws, std::back_inserter(free_of_parameters),
                       [](const Expression& e) { return e.parameter_count() == 0; });
  // two laws are functions of one another when their gradients are parallel wherever one looks
  CHECK(test::holds("gradients differ", 2000, [&] {
    const Expression a = *rc::gen::elementOf(free_of_parameters);
    const Expression b = *rc::gen::elementOf(free_of_parameters);
    RC_PRE(!(a == b));
    RC_LOG() << print(a, names) << " and " << print(b, names);
    double largest = 0;
    for (const auto& x : {std::vector{0.7, 1.1}, std::vector{-1.3, 0.4}, std::vector{0.2, -0.9}}) {
      const std::vector<double> g = gradient(a, x, {}), h = gradient(b, x, {});
      const double sine =
          (g[0] * h[1] - g[1] * h[0]) / std::hypot(g[0], g[1]) / std::hypot(h[0], h[1]);
      largest = std::max(largest, std::abs(sine));
    }
    RC_ASSERT(largest > 1e-9);
  }));
}

TEST_CASE("gradients are the slopes of the formula", "[learn][symbolic]") {
  const Vocabulary words{.operations = {Op::add, Op::subtract, Op::multiply, Op::divide, Op::sin,
                                        Op::cos, Op::square, Op::negate, Op::exp, Op::power}};
  CHECK(test::holds("gradient", 500, [&] {
    const Expression e = random_expression(words, 3);
    const std::vector<double> x{0.7, 1.3}, c{0.4, 1.9};
    const double h = 1e-6;
    const std::vector<double> slopes = gradient(e, x, c);
    const double difference =
        (evaluate(e, std::vector{0.7, 1.3 + h}, c) - evaluate(e, std::vector{0.7, 1.3 - h}, c)) /
        (2 * h);
    RC_LOG() << print(e, names);
    RC_PRE(std::isfinite(slopes[1]) && std::isfinite(difference));
    RC_PRE(std::abs(evaluate(e, x, c)) < 1e2 && std::abs(slopes[1]) < 1e2);
    // the error of a central difference: h^2 and roundings over h
    RC_ASSERT(std::abs(slopes[1] - difference) < 1e-5);
  }));
}

TEST_CASE("the same language gives the same candidates", "[learn][symbolic]") {
  std::int64_t told = 0;
  const Candidates a = enumerate(pendulum, [&](int, std::int64_t n) { told = n; });
  CHECK(a.laws == enumerate(pendulum).laws);
  CHECK(told == a.distinct);
}

TEST_CASE("a language without inputs or with leaves for operations is refused",
          "[learn][symbolic]") {
  CHECK_THROWS_AS(enumerate({}), base::UsageError);
  CHECK_THROWS_AS(count_formulas({.inputs = {Unit{}}, .operations = {Op::power}}),
                  base::UsageError);
  CHECK_THROWS_AS(count_formulas({.inputs = {Unit{}}, .max_nodes = 0}), base::UsageError);
}

}  // namespace noether::learn::symbolic
