#include "learn/models/flow.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "bench/flow/circles.h"
#include "bench/flow/flow_objectives.h"
#include "bench/flow/flow_points.h"
#include "bench/flow/plane_grid.h"
#include "learn/autodiff/ops.h"
#include "tests/bench/tables/quick_run.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

const learn::Flow flow({.dimension = 2, .hidden = {64, 64}});

double value_of(const RunResult& result, const std::string& row, const std::string& metric) {
  for (const Record& record : result.records)
    if (record.row == row && record.metric == metric) return record.value;
  FAIL(row << " has no " << metric);
  return 0;
}

}  // namespace

TEST_CASE("the density of a flow has the mass 1", "[bench][flow]") {
  // plain weights: nothing leaves the square, and the density is as smooth as the grid asks
  const Params plain = flow.init(learn::FirstLayer::plain, 3, learn::DType::f64);
  const PlaneGrid grid{.side = 60, .reach = 4};
  const Tensor log_q = log_density(flow, plain, grid.middles(), {.relative_tolerance = 1e-9});
  CHECK(quality_of(log_q, grid).mass == Approx(1).margin(1e-6));
  const Tensor base =
      scale(sum(square(grid.middles()), 1, true), -0.5 / learn::Flow::base_variance);
  CHECK(test::difference(log_q, shift(base, -std::log(2 * M_PI * learn::Flow::base_variance))) >
        0.1);
}

TEST_CASE("the first points of a flow do not depend on how many follow", "[bench][flow]") {
  const Params weights = flow.init(3, learn::DType::f32);
  const auto few = samples(flow, weights, 5, 7).to_vector();
  auto many = samples(flow, weights, 1200, 7).to_vector();
  many.resize(few.size());
  CHECK(few == many);
  CHECK(samples(flow, weights, 5, 8).to_vector() != few);
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
