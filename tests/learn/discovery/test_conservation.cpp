#include "learn/discovery/conservation.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/discovery/formulas/fit.h"
#include "tests/learn/discovery/motions.h"
#include "tests/support/properties.h"

namespace {

using namespace noether::learn::symbolic;
namespace test = noether::test;

double score_of(const Expression& e, const Trajectories& t, std::vector<double> parameters = {}) {
  Machine machine(2);
  return score(compile(e), all_points(t), parameters, machine);
}

Fit fit_of(const Expression& e, const Trajectories& t) {
  Machine machine(2);
  return fitted(e, compile(e), all_points(t), 3, {.bound = parameter_bound(t)}, machine);
}

const Expression q = input(0), p = input(1), c = parameter(0);

TEST_CASE("the score of the energy is zero and that of a coordinate is not", "[symbolic][score]") {
  const auto t = test::pendulum(25, 0);
  CHECK(score_of(test::pendulum_law(), t, {3}) < 1e-28);
  CHECK(score_of(q, t) > 0.5);
  CHECK(score_of(test::pendulum_law(), t, {2.9}) > 1e-5);
}

TEST_CASE("the score is one in the mean over shuffles of the derivatives and their signs",
          "[symbolic][score]") {
  // the n cyclic shifts deal each derivative to each point exactly once
  auto t = test::pendulum(2, 1);
  double sum = 0;
  for (std::int64_t shift = 0; shift < t.points(); ++shift) {
    for (auto& column : t.dx_dt) std::ranges::rotate(column, column.begin() + 1);
    for (int sign = 0; sign < 2; ++sign) {
      for (double& value : t.dx_dt[0]) value = -value;
      sum += score_of(test::pendulum_law(), t, {3}) / 2;
    }
  }
  // a sum over hundreds of points
  CHECK(sum / static_cast<double>(t.points()) == Approx(1).epsilon(1e-12));
}

TEST_CASE("a sum that is conserved in any order of the velocities has score zero too",
          "[symbolic][score]") {
  // two masses on a spring: their momenta q and p change by opposite forces
  auto t = test::spring(5, 0);
  for (std::size_t i = 0; i < t.dx_dt[0].size(); ++i) t.dx_dt[1][i] = -t.dx_dt[0][i];
  CHECK(score_of(apply(Op::add, q, p), t) == 0);
  // a mean over 150 points
  CHECK(score_of(apply(Op::subtract, q, p), t) == Approx(2).epsilon(1e-14));
}

TEST_CASE("the score knows no scale, shift, outer function or units", "[symbolic][score]") {
  const auto t = test::pendulum(5, 2);
  CHECK(test::holds("score(h(a f + b)) = score(f)", 30, [&] {
    const double a = *rc::gen::inRange(1, 100) * 0.05, b = *rc::gen::inRange(-50, 50) * 0.1;
    const double by = *rc::gen::inRange(1, 100) * 0.37;
    const Expression f = apply(Op::add, apply(Op::square, p), apply(Op::multiply, q, p));
    const Expression moved = apply(Op::add, apply(Op::multiply, number(a), f), number(b));
    const double plain = score_of(f, t);
    RC_ASSERT(plain > 0.01);
    RC_ASSERT(std::abs(score_of(moved, t) - plain) < 1e-12);
    RC_ASSERT(std::abs(score_of(apply(Op::exp, moved), t) - plain) < 1e-9);
    // q in another unit
    auto other = t;
    for (auto* column : {&other.x[0], &other.dx_dt[0]}) {
      for (double& value : *column) value *= by;
    }
    const Expression same = apply(Op::add, apply(Op::square, p),
                                  apply(Op::multiply, apply(Op::divide, q, number(by)), p));
    RC_ASSERT(std::abs(score_of(same, other) - plain) < 1e-12);
  }));
}

TEST_CASE("a point where a formula is undefined or flat counts as one", "[symbolic][score]") {
  const auto t = test::spring(3, 0);
  CHECK(score_of(apply(Op::log, number(-1)), t) == 1);
  CHECK(score_of(apply(Op::subtract, q, q), t) == 1);
  CHECK(score_of(apply(Op::divide, q, apply(Op::subtract, p, p)), t) == 1);
}

TEST_CASE("random walks have a score near one", "[symbolic][score]") {
  auto t = test::empty_trajectories(20, 50);
  noether::base::RandomStream random(0, noether::base::Purpose::initial_state, 0);
  for (int k = 0; k < 20; ++k) {
    double a = random.normal(), b = random.normal();
    for (int i = 0; i < 50; ++i) {
      const double da = random.normal(), db = random.normal();
      test::append(t, a, b, da, db);
      a += 0.1 * da;
      b += 0.1 * db;
    }
  }
  // 1000 squares of a normal number: a standard deviation of sqrt(2 / 1000) = 0.045
  CHECK(score_of(apply(Op::add, apply(Op::square, q), apply(Op::square, p)), t) ==
        Approx(1).margin(0.15));
}

TEST_CASE("exact data give the parameter of the law to the last digits", "[symbolic][fit]") {
  const Fit pendulum = fit_of(test::pendulum_law(), test::pendulum(25, 3));
  CHECK(std::abs(pendulum.parameters[0] - 3) < 1e-10);
  CHECK(pendulum.score < 1e-20);
  const Fit spring = fit_of(test::spring_law(), test::spring(25, 3));
  CHECK(std::abs(spring.parameters[0] - 1) < 1e-10);
  CHECK(spring.score < 1e-20);
}

TEST_CASE("parameters inside functions and divisors are found", "[symbolic][fit]") {
  const auto t = test::pendulum(25, 4);
  // cos(c0 q) and p^2 / c1 - c0' cos q, with no guess that is linear in them
  const auto inside =
      apply(Op::subtract, apply(Op::square, p),
            apply(Op::multiply, c, apply(Op::cos, apply(Op::multiply, parameter(1), q))));
  const Fit first = fit_of(inside, t);
  CHECK(std::abs(first.parameters[0] - 3) < 1e-9);
  CHECK(std::abs(std::abs(first.parameters[1]) - 1) < 1e-9);
  const Fit second =
      fit_of(apply(Op::subtract, apply(Op::cos, q), apply(Op::divide, apply(Op::square, p), c)), t);
  CHECK(std::abs(second.parameters[0] - 3) < 1e-9);
}

TEST_CASE("a parameter that the data want to be zero has run away", "[symbolic][fit]") {
  const auto t = test::spring(25, 5);
  const auto f = apply(Op::add, apply(Op::add, apply(Op::square, q), apply(Op::square, p)),
                       apply(Op::multiply, c, q));
  const Fit fit = fit_of(f, t);
  CHECK(has_run_away(fit.parameters, parameter_bound(t)));
  CHECK_FALSE(has_run_away(fit_of(test::spring_law(), t).parameters, parameter_bound(t)));
}

TEST_CASE("normals of functions of one another are parallel", "[symbolic][score]") {
  const auto t = test::pendulum(5, 6);
  const Points points = all_points(t);
  Machine machine(2);
  const auto of = [&](const Expression& e) {
    return normals(compile(e), points, std::vector<double>{3}, machine);
  };
  const auto law = of(test::pendulum_law());
  CHECK(mean_squared_sine(law, of(apply(Op::exp, test::pendulum_law())), 2) < 1e-28);
  CHECK(mean_squared_sine(law, of(q), 2) > 0.1);
  CHECK(mean_squared_sine(law, of(apply(Op::log, number(-1))), 2) == 1);
}

TEST_CASE("the ratio of variances is zero for the energy and its shuffled value for nothing else",
          "[symbolic][score]") {
  const auto t = test::spring(25, 7);
  CHECK(variance_ratio(test::spring_law(), t, std::vector<double>{1}) < 1e-25);
  CHECK(variance_ratio(q, t, {}) > 0.5);
  CHECK(std::isnan(variance_ratio(number(2), t, {})));
  // a handful of quotients
  CHECK(shuffled_ratio(t) == Approx(29.0 / 30 * 750 / 749).epsilon(1e-15));
}

TEST_CASE("trajectories that cannot be searched are refused by name", "[symbolic][points]") {
  auto t = test::spring(2, 0);
  t.x[1][31] = std::nan("");
  CHECK_THROWS_WITH(check_trajectories(t), "p is nan at point 1 of trajectory 1");
  t = test::spring(2, 0);
  t.dx_dt[0].pop_back();
  CHECK_THROWS_AS(check_trajectories(t), noether::base::DataError);
  t = test::spring(2, 0);
  for (auto& column : t.dx_dt) std::ranges::fill(column, 0);
  CHECK_THROWS_AS(check_trajectories(t), noether::base::DataError);
  CHECK_NOTHROW(check_trajectories(test::spring(2, 0)));
}

}  // namespace
