#include "learn/nn/optimizers.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {
namespace {

// (1 - x)^2 + 100 (y - x^2)^2, least at (1, 1)
ValueAndSlope rosenbrock(const std::vector<double>& at) {
  const double x = at[0], y = at[1], bend = y - x * x;
  return {(1 - x) * (1 - x) + 100 * bend * bend, {-2 * (1 - x) - 400 * x * bend, 200 * bend}};
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

}  // namespace

TEST_CASE("Adam with weight decay takes PyTorch's steps", "[learn][optimizers]") {
  // torch.optim.Adam(lr=0.1, weight_decay=0.01) on sum(c * theta^2), float64, PyTorch 1.13
  // (and by hand in Python: the last digit differs)
  const Adam adam{.learning_rate = 0.1, .weight_decay = 0.01};
  const Tensor c = Tensor::from({1, 10}, {2});
  Params params{{"theta", Tensor::from({1, -2}, {2})}};
  AdamState state = initial_state(params);
  const std::vector<std::vector<double>> expected{{0.9000000004975124, -1.9000000000249875},
                                                  {0.8004122286867155, -1.8001664856608233},
                                                  {0.701586272938277, -1.700623391357343},
                                                  {0.6039390605632566, -1.6015048943622685},
                                                  {0.5079636592510938, -1.5029557801267706}};
  for (const auto& theta : expected) {
    const Params gradient =
        grad([&](const Params& at) { return sum(c * square(at["theta"])); }, params);
    const AdamStep next = step(adam, state, params, gradient);
    params = next.params;
    state = next.state;
    // a few roundings of numbers of order one
    CHECK(largest_difference(params["theta"].to_vector(), theta) < 1e-14);
  }
  CHECK(state.steps == static_cast<std::int64_t>(expected.size()));
}

TEST_CASE("Adam's first step has the length of the learning rate, whatever the gradient",
          "[learn][optimizers]") {
  const Params params{{"theta", Tensor::from({0, 0}, {2})}};
  const Params gradient{{"theta", Tensor::from({1e-3, -1e3}, {2})}};
  const auto theta = step({.learning_rate = 0.5}, initial_state(params), params, gradient)
                         .params["theta"]
                         .to_vector();
  // up to epsilon / |gradient| = 1e-5
  CHECK(theta[0] == Approx(-0.5).epsilon(2e-5));
  CHECK(theta[1] == Approx(0.5).epsilon(2e-5));
}

TEST_CASE("a step leaves the weights that it was given as they were", "[learn][optimizers]") {
  const Params params{{"theta", Tensor::from({1, 2}, {2})}};
  const Params gradient{{"theta", Tensor::from({3, 4}, {2})}};
  const auto after_sgd = sgd_step(params, gradient, 0.5)["theta"].to_vector();
  static_cast<void>(step({}, initial_state(params), params, gradient));
  CHECK(after_sgd == std::vector<double>{-0.5, 0});
  CHECK(params["theta"].to_vector() == std::vector<double>{1, 2});
}

TEST_CASE("L-BFGS finds the minimum of Rosenbrock's valley", "[learn][optimizers]") {
  const Minimum minimum = minimize({}, rosenbrock, {-1.2, 1});
  CHECK(minimum.value < 1e-18);
  CHECK(largest_difference(minimum.x, {1, 1}) < 1e-8);
  CHECK(minimum.steps > 5);
  CHECK(minimum.steps < 60);  // Nocedal and Wright report 21 to 42 for quasi-Newton methods
}

TEST_CASE("L-BFGS solves a quadratic of five variables in few steps", "[learn][optimizers]") {
  const std::vector<double> curvature{1, 3, 10, 30, 100}, center{1, -2, 3, -4, 5};
  const auto quadratic = [&](const std::vector<double>& x) {
    ValueAndSlope at{0, {}};
    for (std::size_t i = 0; i < x.size(); ++i) {
      at.value += curvature[i] * (x[i] - center[i]) * (x[i] - center[i]) / 2;
      at.gradient.push_back(curvature[i] * (x[i] - center[i]));
    }
    return at;
  };
  const Minimum minimum = minimize({}, quadratic, std::vector<double>(5, 0));
  CHECK(largest_difference(minimum.x, center) < 1e-6);
  CHECK(minimum.steps <= 25);
}

TEST_CASE("L-BFGS never returns a higher value and heeds its number of steps",
          "[learn][optimizers]") {
  double before = rosenbrock({-1.2, 1}).value;
  for (int steps = 1; steps < 20; ++steps) {
    const Minimum now = minimize({.steps = steps}, rosenbrock, {-1.2, 1});
    CHECK(now.steps == steps);
    CHECK(now.value < before);
    before = now.value;
  }
}

TEST_CASE("L-BFGS keeps away from where a function is not finite", "[learn][optimizers]") {
  // x - log(x), least at 1; not a number for x < 0, where the first steps would lead
  const auto f = [](const std::vector<double>& x) {
    return ValueAndSlope{x[0] - std::log(x[0]), {1 - 1 / x[0]}};
  };
  const Minimum minimum = minimize({}, f, {5});
  CHECK(minimum.x[0] == Approx(1).epsilon(1e-6));
}

TEST_CASE("L-BFGS refuses a start at which the function is not finite", "[learn][optimizers]") {
  const auto f = [](const std::vector<double>&) {
    return ValueAndSlope{std::numeric_limits<double>::quiet_NaN(), {1}};
  };
  CHECK_THROWS_AS(minimize({}, f, {1}), base::NumericalError);
}

TEST_CASE("L-BFGS minimises a loss of float32 weights and keeps their type and names",
          "[learn][optimizers]") {
  const Params start{{"a", Tensor::from({0, 0}, {2}, DType::f32)},
                     {"b", Tensor::from({4}, {1, 1}, DType::f32)}};
  const Params minimum = minimize(
      {},
      [](const Params& p) {
        return sum(square(p["a"] - Tensor::from({1, 2}, {2}))) + sum(square(square(p["b"]) - 9.0));
      },
      start);
  CHECK(minimum["a"].dtype() == DType::f32);
  CHECK(minimum["b"].shape() == Shape{1, 1});
  // float32 holds seven digits
  CHECK(largest_difference(minimum["a"].to_vector(), {1, 2}) < 1e-6);
  CHECK(minimum["b"].item() == Approx(3).epsilon(1e-6));
}

}  // namespace noether::learn
