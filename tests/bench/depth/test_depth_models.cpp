#include "bench/depth/depth_models.h"

#include <catch2/catch.hpp>
#include <set>

#include "bench/depth/spiral.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

Params weights_of(const DepthModel& model) {
  return initial_weights(model.mlp, 3, learn::DType::f64);
}
const Tensor states = Tensor::from({1, 0.5, -0.3, 0.2}, {2, 2});

bool depends_on_span(const DepthModel& model) {
  const Params weights = weights_of(model);
  const Tensor at_spans = model.advance(weights, states, {0.1, 0.4});
  return test::difference(at_spans, model.advance(weights, states, {0.1, 0.2})) > 1e-3;
}

}  // namespace

TEST_CASE("the spiral obeys its equation", "[bench][depth]") {
  constexpr double t = 1.3;
  const auto y = spiral_at(t);
  const auto slope = [&](std::size_t i) {
    return test::slope([&](double s) { return spiral_at(t + s)[i]; });
  };
  CHECK(slope(0) == Approx(-0.1 * y[0] + 2 * y[1]).epsilon(1e-10));
  CHECK(slope(1) == Approx(-2 * y[0] - 0.1 * y[1]).epsilon(1e-10));
  CHECK(spiral_at(0) == std::vector<double>{2, 0});
}

TEST_CASE("the spiral is observed at sorted times of its own, with little noise",
          "[bench][depth]") {
  const Spiral spiral = make_spiral(4), other = make_spiral(5);
  REQUIRE(spiral.times.size() == 60);
  REQUIRE(spiral.other_times.size() == 90);
  CHECK(spiral.times != other.times);
  const std::set<double> observed(spiral.times.begin(), spiral.times.end());
  for (std::size_t n = 1; n < 90; ++n) {
    CHECK(spiral.other_times[n] > spiral.other_times[n - 1]);
    CHECK_FALSE(observed.contains(spiral.other_times[n]));
  }
  const auto values = spiral.observed.to_vector();
  double largest = 0;
  for (std::size_t n = 0; n < 60; ++n)
    largest = std::max(largest, std::abs(values[2 * n] - spiral_at(spiral.times[n])[0]));
  CHECK(largest < 5 * 0.02);
  CHECK(largest > 0.02);
}

TEST_CASE("every model of depth follows as it advances, row by row", "[bench][depth]") {
  for (const DepthModel& model : depth_models()) {
    CAPTURE(model.name);
    const Params weights = weights_of(model);
    CHECK(learn::count(weights) >= 158);
    CHECK(learn::count(weights) <= 164);
    const Tensor both = model.advance(weights, states, {0.3, 0.7});
    const learn::Tensors path = model.follow(weights, slice(states, 0, 1, 2), {2, 2.7});
    REQUIRE(path.size() == 2);
    // tolerances of 1e-4 where an equation is solved
    CHECK(test::difference(path[1], slice(both, 0, 1, 2)) < 1e-3);
    CHECK(*model.evaluations > 0);
  }
}

TEST_CASE("only the plain residual network knows no time", "[bench][depth]") {
  for (const DepthModel& model : depth_models()) {
    CAPTURE(model.name);
    CHECK(depends_on_span(model) == (model.name != "resnet"));
    if (model.name == "resnet" || model.name == "dt-input") continue;
    // no time, no change
    const Tensor still = model.advance(weights_of(model), states, {0, 0});
    CHECK(test::difference(still, states) < 1e-15);
  }
}

}  // namespace noether::bench
