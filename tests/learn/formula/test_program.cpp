#include "learn/formula/program.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/discovery/points.h"

namespace {

using namespace noether::learn::symbolic;
namespace base = noether::base;

constexpr double step = 1e-5;

// Sixteen states, all coordinates positive so that every operation is defined.
std::vector<Lanes> some_states() {
  std::vector<Lanes> x(2);
  for (std::size_t lane = 0; lane < base::pack_lanes; ++lane) {
    x[0][lane] = 0.3 + 0.1 * static_cast<double>(lane);
    x[1][lane] = 2.1 - 0.07 * static_cast<double>(lane);
  }
  return x;
}

void check_against_evaluate(const Expression& e, const std::vector<double>& parameters) {
  const std::vector<Lanes> x = some_states();
  Machine machine(2);
  const auto packs = machine.run(compile(e), x, parameters);
  REQUIRE(packs.size() == 3);
  for (std::size_t lane = 0; lane < base::pack_lanes; ++lane) {
    const std::vector<double> state = {x[0][lane], x[1][lane]};
    const double value = evaluate(e, state, parameters);
    // the vector sine is good to a unit or two in the last place
    CHECK(base::lanes(packs[0])[lane] == Approx(value).epsilon(1e-14).margin(1e-15));
    for (std::size_t d = 0; d < 2; ++d) {
      std::vector<double> up = state, down = state;
      up[d] += step;
      down[d] -= step;
      const double slope =
          (evaluate(e, up, parameters) - evaluate(e, down, parameters)) / (2 * step);
      // central differences are wrong by step^2 f''' / 6 and rounding over step
      CHECK(base::lanes(packs[d + 1])[lane] == Approx(slope).epsilon(1e-7).margin(1e-8));
    }
  }
}

TEST_CASE("a program has the value and the gradient of its formula, for every operation",
          "[symbolic][program]") {
  const auto q = input(0), p = input(1), c = parameter(0);
  const auto both = apply(Op::add, apply(Op::multiply, q, p), c);
  for (const Op op : {Op::add, Op::subtract, Op::multiply, Op::divide}) {
    check_against_evaluate(apply(op, q, p), {});
    check_against_evaluate(apply(op, both, apply(Op::add, p, number(0.7))), {1.3});
    check_against_evaluate(apply(op, c, both), {1.3});
  }
  for (const Op op : {Op::sin, Op::cos, Op::square, Op::negate, Op::sqrt, Op::exp, Op::log}) {
    check_against_evaluate(apply(op, both), {0.4});
  }
  check_against_evaluate(power(both, 2.5), {0.4});
  check_against_evaluate(power(both, -1), {0.4});
}

TEST_CASE("a program counts the registers that its deepest operands need", "[symbolic][program]") {
  const auto q = input(0);
  const auto left = apply(Op::add, apply(Op::add, q, q), q);
  const auto right = apply(Op::add, q, apply(Op::add, q, q));
  CHECK(compile(left).registers == 2);
  CHECK(compile(right).registers == 3);
}

TEST_CASE("points are padded to whole packs by the last one", "[symbolic][program]") {
  Trajectories t{.coordinates = {"q"}, .count = 1, .samples = 19, .x = {{}}, .dx_dt = {{}}};
  for (int i = 0; i < 19; ++i) {
    t.x[0].push_back(i);
    t.dx_dt[0].push_back(1);
  }
  const Points points = all_points(t);
  CHECK(points.count == 19);
  REQUIRE(points.packs() == 2);
  CHECK(points.x[1][2] == 18);
  CHECK(points.x[1][15] == 18);
  const Points some = spread_points(t, 5);
  CHECK(some.count == 5);
  CHECK(some.x[0][4] == 15);
}

}  // namespace
