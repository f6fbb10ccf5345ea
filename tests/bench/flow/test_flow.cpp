#include "bench/flow/plane_flow.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "bench/flow/circles.h"
#include "bench/flow/plane_grid.h"
#include "learn/autodiff/ops.h"
#include "learn/ode/density.h"
#include "tests/bench/tables/quick_run.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;
using learn::Tensors;

const PlaneFlow flow{};
const Params weights = initial_weights(flow, FirstLayer::sharp, 3, learn::DType::f64);
const Tensor points = Tensor::from({0.9, -0.3, 0.1, 0.5, -0.7, -0.6, 0.2, 0.04, -0.4, 0.8}, {5, 2});
const Tensor none = Tensor::full({5, 1}, 0);
const learn::OdeSolver close{.relative_tolerance = 1e-9, .absolute_tolerance = 1e-9};

double value_of(const RunResult& result, const std::string& row, const std::string& metric) {
  for (const Record& record : result.records)
    if (record.row == row && record.metric == metric) return record.value;
  FAIL(row << " has no " << metric);
  return 0;
}

}  // namespace

TEST_CASE("the trace of a flow is that of its slopes", "[bench][flow]") {
  const double t = 0.4;
  const Tensors rates = flow.with_log_density()(weights, t, {points, none});
  Tensor trace = none;
  for (const std::int64_t j : {0, 1}) {
    const Tensor along = pad(Tensor::full({5, 1}, 1), 1, j, 1 - j);
    const auto moved = [&](double by) {
      return flow.field()(weights, t, {points + scale(along, by)})[0];
    };
    constexpr double h = 1e-5;  // errors of h^2 and of rounding / h
    trace = trace + column(scale(moved(h) - moved(-h), 0.5 / h), j);
  }
  CHECK(test::difference(rates[1], neg(trace)) < 1e-6);
  CHECK(test::size_of(rates[1]) > 1);
  // two passes of differentiation give the same, to rounding
  const Tensors twice = learn::with_log_density(flow.field())(weights, t, {points, none});
  CHECK(test::difference(rates[0], twice[0]) < 1e-12);
  CHECK(test::difference(rates[1], twice[1]) < 1e-12);
}

TEST_CASE("a flow leads back to where it began", "[bench][flow]") {
  const Tensors there = solve_to(flow.with_log_density(), weights, {points, none}, 0, 1, close);
  const Tensors back = solve_to(flow.with_log_density(), weights, there, 1, 0, close);
  CHECK(test::difference(there[0], points) > 0.1);
  // a hundred times the tolerance
  CHECK(test::difference(back[0], points) < 1e-7);
  CHECK(test::difference(back[1], none) < 1e-7);
}

TEST_CASE("points and densities of a flow belong together", "[bench][flow]") {
  const std::vector<double> times{0, 1};
  const Tensor end = carried(flow, weights, points, times, close).back();
  const Tensors there = solve_to(flow.with_log_density(), weights, {points, none}, 0, 1, close);
  const Tensor of_base = shift(scale(sum(square(points), 1, true), -0.5 / base_variance),
                               -std::log(2 * M_PI * base_variance));
  CHECK(test::difference(log_density(flow, weights, end, close), of_base + there[1]) < 1e-6);
}

TEST_CASE("the density of a flow has the mass 1", "[bench][flow]") {
  // plain weights: nothing leaves the square, and the density is as smooth as the grid asks
  const Params plain = initial_weights(flow, FirstLayer::plain, 3, learn::DType::f64);
  const PlaneGrid grid{.side = 60, .reach = 4};
  const Tensor log_q = log_density(flow, plain, grid, close);
  CHECK(quality_of(log_q, grid).mass == Approx(1).margin(1e-6));
  const Tensor base = scale(sum(square(grid.middles()), 1, true), -0.5 / base_variance);
  CHECK(test::difference(log_q, shift(base, -std::log(2 * M_PI * base_variance))) > 0.1);
}

TEST_CASE("the circles have their density", "[bench][flow]") {
  const PlaneGrid grid{};
  CHECK(grid.integral(circles_density(grid.middles())) == Approx(1).epsilon(1e-12));
  CHECK(circles_entropy(grid) == Approx(0.7876).margin(1e-4));
  // the mean square of the radius: of both circles, and of the noise
  const Tensor squares = sum(square(grid.middles()), 1, true);
  const double expected = (1 + 0.25) / 2 + 2 * circle_noise * circle_noise;
  CHECK(grid.integral(circles_density(grid.middles()) * squares) == Approx(expected));
  constexpr int n = 4000;
  base::RandomStream random(1, base::Purpose::initial_state, 0);
  const Tensor drawn = Tensor::from<double>(noisy_circles(n, random), {n, 2});
  // squares have a standard deviation of .38
  CHECK(mean(sum(square(drawn), 1)).item() == Approx(expected).margin(4 * 0.38 / std::sqrt(n)));
}

TEST_CASE("a flow goes on where matching ended, and both ways learn", "[bench][flow]") {
  const RunResult result = find_table("flow").run(QuickRun("flow").context());
  const double matched = value_of(result, "matching", "nll");
  CHECK(value_of(result, "matching-likelihood", "nll") < matched);
  // a disc of even density that holds both circles has 1.34
  CHECK(matched < 1.34);
  CHECK(value_of(result, "matching", "excess") == Approx(matched - 0.7876).margin(1e-3));
  for (const std::string row : {"likelihood", "matching"})
    CHECK(value_of(result, row, "mass_error") < 0.01);
}

}  // namespace noether::bench
