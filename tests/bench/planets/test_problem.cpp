#include "bench/planets/problem.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "bench/planets/pairs.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/nn/conditional_mlp.h"
#include "sim/systems/gravity/planets.h"
#include "tests/bench/tables/quick_run.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

using learn::DType;
using learn::Params;
using learn::Tensor;

const PlanetProblem& quick_problem() {
  static const QuickRun run("planets");
  static const PlanetProblem problem = make_planet_problem(run.context(3));
  return problem;
}

// The same in float64 with a small network, for derivatives.
PlanetProblem exact_problem() {
  PlanetProblem problem = quick_problem();
  for (Tensor* tensor :
       {&problem.input_mean, &problem.input_spread, &problem.change_mean, &problem.change_spread,
        &problem.law_unit, &problem.train.x, &problem.train.y})
    *tensor = cast(*tensor, DType::f64);
  problem.mlp.widths = {14, 4, 3, 12};
  return problem;
}

double rms(const Tensor& x) { return std::sqrt(mean(square(x)).item()); }

}  // namespace

TEST_CASE("a system is a function of the seed and its index alone", "[bench][planets]") {
  const PlanetPairs all = planet_pairs(7, 0, 5), last = planet_pairs(7, 3, 2);
  CHECK(slice(all.x, 0, 3, 5).to_vector() == last.x.to_vector());
  CHECK(slice(all.next, 0, 3, 5).to_vector() == last.next.to_vector());
  CHECK(planet_pairs(8, 0, 1).x.to_vector() != slice(all.x, 0, 0, 1).to_vector());
  const auto path = planet_path(slice(all.x, 0, 0, 1).to_vector());
  const std::vector<double> end(path.end() - 12, path.end());
  CHECK(end == slice(all.next, 0, 0, 1).to_vector());
}

TEST_CASE("the true answer leaves no residual, and each law has slope one", "[bench][planets]") {
  const PlanetProblem& problem = quick_problem();
  const auto& [x, y] = problem.train;
  // states are of size 1 in float32, and units of laws are .01 and more
  CHECK(test::size_of(law_residuals(problem, x, y)) < 1e-4);
  const PlanetProblem exact = exact_problem();
  for (std::int64_t k = 0; k < 4; ++k) {
    const Tensor slope = learn::grad(
        [&](const Tensor& at) { return sum(column(law_residuals(exact, exact.train.x, at), k)); },
        exact.train.y);
    CHECK(std::sqrt(mean(sum(square(slope), 1)).item()) == Approx(1).epsilon(1e-4));
  }
}

TEST_CASE("residuals are the changes of the laws that the simulator knows", "[bench][planets]") {
  const PlanetProblem exact = exact_problem();
  const Tensor x = slice(exact.train.x, 0, 0, 1), y = Tensor::full({1, 12}, 0.3, DType::f64);
  const std::vector<double> row = x.to_vector(), masses{1, row[12], row[13], 1};
  const auto next = (slice(x, 1, 0, 12) + exact.change_mean + y * exact.change_spread).to_vector();
  const auto given = (law_residuals(exact, x, y) * exact.law_unit).to_vector();
  const auto laws = sim::planets().invariants;
  for (std::size_t k = 0; k < 4; ++k) {
    const double change =
        laws[k].value(next, masses) - laws[k].value(std::span(row).first(12), masses);
    CHECK(given[k] == Approx(change).epsilon(1e-12));
  }
}

TEST_CASE("a step keeps the laws, wherever it moves the prediction", "[bench][planets]") {
  const PlanetProblem& problem = quick_problem();
  const Params weights = learn::initial_weights(problem.mlp, 3, DType::f32);
  const Tensor &x = problem.test.x, plain = planet_field(problem)(weights, x);
  const double before = rms(law_residuals(problem, x, plain));
  for (const Moved moved : {Moved::norms, Moved::outputs, Moved::spread_outputs}) {
    PlanetTailoring tailoring{.moved = moved};
    tailoring.spread = error_spread(problem, planet_field(problem), weights);
    tailoring.step.steps = 5;
    const Tensor y = tailored_planet_field(problem, tailoring)(weights, x);
    CHECK(rms(law_residuals(problem, x, y)) < 0.05 * before);
    tailoring.laws = {0};
    const Tensor one = tailored_planet_field(problem, tailoring)(weights, x);
    const Tensor left = law_residuals(problem, x, one);
    CHECK(rms(column(left, 0)) < 0.05 * before);
    CHECK(rms(column(left, 3)) > 0.05 * before);
  }
}

TEST_CASE("the spread of errors is the root of their covariance", "[bench][planets]") {
  const PlanetProblem& problem = quick_problem();
  const Params weights = learn::initial_weights(problem.mlp, 3, DType::f32);
  const Tensor L = cast(error_spread(problem, planet_field(problem), weights), DType::f64);
  const auto& [x, y] = problem.validation;
  const Tensor errors = cast(planet_field(problem)(weights, x) - y, DType::f64);
  const Tensor covariance = matmul(errors, errors, true, false);
  const double trace = sum(square(errors)).item();
  CHECK(test::difference(matmul(L, L, false, true), scale(covariance, 12 / trace)) < 1e-5);
}

TEST_CASE("a perceptron with scales of one and shifts of zero is itself", "[bench][planets]") {
  const learn::Mlp mlp{.widths = {3, 5, 4, 2}};
  const Params weights = learn::initial_weights(mlp, 1, DType::f64);
  const Tensor x = Tensor::from({.1, -.2, .3, 1, 2, -1}, {2, 3});
  const Tensor plain = mlp(weights, x);
  CHECK(conditional_mlp(mlp, weights, initial_own(mlp, 2, DType::f64), x).to_vector() ==
        plain.to_vector());
  CHECK(conditional_mlp(mlp, weights, initial_own(mlp, 1, DType::f64), x).to_vector() ==
        plain.to_vector());
}

TEST_CASE("the meta-gradient of planets is that of differences", "[bench][planets]") {
  const PlanetProblem problem = exact_problem();
  const Tensor x = slice(problem.train.x, 0, 0, 3), y = slice(problem.train.y, 0, 0, 3);
  const Params weights = learn::initial_weights(problem.mlp, 3, DType::f64);
  for (const Moved moved : {Moved::norms, Moved::outputs}) {
    PlanetTailoring tailoring{.moved = moved};
    tailoring.step.steps = 2;
    const auto field = tailored_planet_field(problem, tailoring);
    // a step of Gauss-Newton has large higher derivatives; a wrong rule is off by 1e-3 and more
    require_gradients([&](const Params& w) { return field_loss(field, w, x, y); }, weights,
                      {.step = 2e-4, .tolerance = 1e-6});
  }
}

}  // namespace noether::bench
