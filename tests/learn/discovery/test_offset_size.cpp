#include "learn/discovery/offset_size.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/discovery/formulas/fit.h"
#include "learn/discovery/formulas/search.h"
#include "learn/discovery/library/alone.h"
#include "tests/learn/discovery/motions.h"

namespace noether::learn::symbolic {
namespace {

const std::vector<std::string> names{"x1", "y1", "x2", "y2", "vx1", "vy1", "vx2", "vy2"};

// Velocities of a Kepler orbit lie on a circle (the hodograph): moved by one vector for each
// trajectory, they all have one size. So offsets keep the kinetic energy, and what they keep is
// false.
const std::string kinetic_energy = "vx1^2 + vy1^2";
const std::string angular_momentum = "x1 vy1 - y1 vx1";

// What is left of noise of 0.05, the default of the data, and twice that, after fifty points.
const std::vector<double> deviations{0.05 / std::sqrt(50), 0.1 / std::sqrt(50)};

OffsetFit fit_of(const std::string& formula, const Trajectories& data) {
  return fitted_with_offsets(compile(parse(formula, names)), all_points(data), {},
                             {.variance = data.offset_variance});
}

}  // namespace

TEST_CASE("kinetic energy of two bodies is not called conserved under noise",
          "[learn][symbolic][offsets]") {
  const std::vector<Expression> candidates{parse(kinetic_energy, names),
                                           parse(angular_momentum, names)};
  for (const double deviation : deviations) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const auto data = test::with_offsets(test::two_body(seed, 0), deviation, seed);
      const Search found = search(data, candidates, {.jobs = 1, .resamples = 0});
      CAPTURE(seed, deviation);
      REQUIRE(found.classes.size() == 2);
      for (const Law& law : found.classes) {
        // offsets keep both
        CHECK(law.score < 1e-8);
        CHECK(law.conserved == (law.candidate == 1));
        // in all eight coordinates of 25 trajectories, an rms below two standard deviations
        if (deviation == deviations[1]) CHECK(law.offset_size.chi_square < 4 * 8 * 25);
      }
    }
  }
}

TEST_CASE("a linear law alone is judged by its own offsets", "[learn][symbolic][offsets]") {
  const auto data = test::with_offsets(test::two_body(5, 0), deviations[0], 5);
  std::vector<LinearLaw> laws;
  for (const std::string& formula : {kinetic_energy, angular_momentum}) {
    laws.push_back({.formula = parse(formula, names), .rms_sine = 1e-6});
    laws.back().terms = {laws.back().formula};
    laws.back().coefficients = {1};
  }
  const auto kept = laws_alone(laws, data, 1e-4);
  REQUIRE(kept.size() == 1);
  CHECK(print(kept[0].formula, names) == angular_momentum);
}

TEST_CASE("a needless term is left out of a law", "[learn][symbolic][offsets]") {
  const auto data = test::with_offsets(test::pendulum(25, 1), 0.015, 1);
  const std::vector<std::string> q_p{"q", "p"};
  LinearLaw law{.formula = parse("p^2 - 3 cos(q) + 0.0001 sin(q)", q_p), .rms_sine = 1e-6};
  law.terms = {parse("p^2", q_p), parse("cos(q)", q_p), parse("sin(q)", q_p)};
  law.coefficients = {1, -3, 0.0001};
  const auto kept = laws_alone({law}, data, 1e-4);
  REQUIRE(kept.size() == 1);
  REQUIRE(kept[0].terms.size() == 2);
  CHECK(kept[0].coefficients[1] / kept[0].coefficients[0] ==
        Approx(kept[0].terms[0] == law.terms[0] ? -3 : -1 / 3.0).epsilon(1e-6));
}

TEST_CASE("the offsets of a true law are chi-square distributed in the directions it determines",
          "[learn][symbolic][offsets]") {
  // eight coordinates, of which the law uses four; a sum over 10 seeds of 25 trajectories
  OffsetSize sum;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto data = test::with_offsets(test::two_body(seed, 0), deviations[0], seed);
    const OffsetFit fit = fit_of(angular_momentum, data);
    // a direction or two are determined in part only
    CHECK(fit.offset_size.degrees == Approx(98).margin(4));
    CHECK(excess(fit.offset_size) < most_excess);
    sum.chi_square += fit.offset_size.chi_square;
    sum.degrees += fit.offset_size.degrees;
  }
  // 1000 squares: four standard deviations of their mean
  CHECK(sum.chi_square / sum.degrees == Approx(1).margin(4 * std::sqrt(2 / 1000.0)));
}

TEST_CASE("the excess is that of the chi-square distribution", "[learn][symbolic][offsets]") {
  // upper 2.5 % and 0.1 % points from tables
  CHECK(excess({18.307, 10}) == Approx(1.645).margin(0.02));
  CHECK(excess({71.420, 50}) == Approx(1.960).margin(0.01));
  CHECK(excess({86.661, 50}) == Approx(3.090).margin(0.02));
  CHECK(excess({}) < 0);
}

TEST_CASE("what offsets may hide is what the chi-square leaves open",
          "[learn][symbolic][offsets]") {
  // offsets of 0.7 standard deviations more than noise, in each of 100 directions: 149 +- 17. At
  // 1.645 of these below, 121, the bound is what was added
  CHECK(hidden_deviations({149 - 1.645 * std::sqrt(2 * 100 + 4 * 49.0), 100}) ==
        Approx(0.7).epsilon(0.01));
  CHECK(hidden_deviations({100, 100}) < hidden_deviations({150, 100}));
  CHECK(hidden_deviations({50, 100}) == hidden_deviations({100, 100}));
}

TEST_CASE("friction shows as a change that is seen", "[learn][symbolic][offsets]") {
  const std::vector<Expression> candidates{parse("p^2 - c0 cos(q)", {"q", "p"})};
  const auto change_of = [&](double friction) {
    const auto data = test::with_offsets(test::pendulum(25, 1, friction), 0.015, 1);
    const Search found = search(data, candidates, {.jobs = 1, .resamples = 0});
    REQUIRE(found.classes.size() == 1);
    return found.classes[0].change.value();
  };
  // what friction takes in a trajectory: the sum of 2 friction p^2 over it, over the spread of H
  const auto exact = test::pendulum(25, 1);
  double taken = 0, sum = 0, squares = 0;
  for (std::size_t k = 0; k < 25; ++k) {
    double loss = 0;
    for (std::size_t i = 45 * k; i < 45 * (k + 1); ++i)
      loss += 2 * 1e-3 * exact.x[1][i] * exact.x[1][i] * 3 / 44;
    taken += loss * loss / 25;
    const double q = exact.x[0][45 * k], p = exact.x[1][45 * k], H = p * p - 3 * std::cos(q);
    sum += H;
    squares += H * H;
  }
  const double spread = std::sqrt((squares - sum * sum / 25) / 24);
  CHECK(change_of(0).seen < 1e-6);
  // the ends of a sum by rectangles, and what offsets take up of it
  CHECK(change_of(1e-3).seen == Approx(std::sqrt(taken) / spread).epsilon(0.1));
  CHECK(change_of(0).hidden > 0.01);
}

}  // namespace noether::learn::symbolic
