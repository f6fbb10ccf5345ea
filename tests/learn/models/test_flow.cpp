#include "learn/models/flow.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/ode/density.h"
#include "tests/learn/noether/comparison.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

const Flow flow({.dimension = 2, .hidden = {64, 64}});
const Params weights = flow.init(3, DType::f64);
const Tensor points = Tensor::from({0.9, -0.3, 0.1, 0.5, -0.7, -0.6, 0.2, 0.04, -0.4, 0.8}, {5, 2});
const Tensor none = Tensor::full({5, 1}, 0);
const OdeSolver close{.relative_tolerance = 1e-9, .absolute_tolerance = 1e-9};

}  // namespace

TEST_CASE("the trace of a flow is that of its slopes", "[learn][models]") {
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
  const Tensors twice = with_log_density(flow.field())(weights, t, {points, none});
  CHECK(test::difference(rates[0], twice[0]) < 1e-12);
  CHECK(test::difference(rates[1], twice[1]) < 1e-12);
}

TEST_CASE("a flow leads back to where it began", "[learn][models]") {
  const Tensors there = solve_to(flow.with_log_density(), weights, {points, none}, 0, 1, close);
  const Tensors back = solve_to(flow.with_log_density(), weights, there, 1, 0, close);
  CHECK(test::difference(there[0], points) > 0.1);
  // a hundred times the tolerance
  CHECK(test::difference(back[0], points) < 1e-7);
  CHECK(test::difference(back[1], none) < 1e-7);
}

TEST_CASE("points and densities of a flow belong together", "[learn][models]") {
  const std::vector<double> times{0, 1};
  const Tensor end = flow.carried(weights, points, times, close).back();
  const Tensors there = solve_to(flow.with_log_density(), weights, {points, none}, 0, 1, close);
  const Tensor of_base = shift(scale(sum(square(points), 1, true), -0.5 / Flow::base_variance),
                               -std::log(2 * M_PI * Flow::base_variance));
  CHECK(test::difference(flow.log_density(weights, end, close), of_base + there[1]) < 1e-6);
}

TEST_CASE("the units of the data move the points of a flow, and its density", "[learn][models]") {
  const Tensor mean = Tensor::from({3.0, -1}, {1, 2}), spread = Tensor::from({0.5, 20.0}, {1, 2});
  const Params moved = weights.with("mean", mean).with("spread", spread);
  const Tensor x = mean + spread * points;
  // p(x) dx = p(z) dz
  CHECK(test::difference(flow.log_density(moved, x, close),
                         shift(flow.log_density(weights, points, close), -std::log(0.5 * 20))) <
        1e-12);
  const std::vector<double> times{0, 1};
  CHECK(test::difference(flow.carried(moved, points, times, close).back(),
                         mean + spread * flow.carried(weights, points, times, close).back()) <
        1e-12);
}

TEST_CASE("a flow of one and of three coordinates has the trace of its slopes", "[learn][models]") {
  for (const std::int64_t d : {1, 3}) {
    CAPTURE(d);
    const Flow other({.dimension = d, .hidden = {7, 5}});
    const Params its = other.init(1, DType::f64);
    const Tensor x = slice(concat(Tensors{points, points}, 1), 1, 0, d);
    const Tensors rates = other.with_log_density()(its, 0.3, {x, none});
    CHECK(test::difference(rates[1], with_log_density(other.field())(its, 0.3, {x, none})[1]) <
          1e-12);
  }
}

TEST_CASE("a flow is made again from its configuration, and others are refused",
          "[learn][models]") {
  const auto again = flow_kind().restore(flow.configuration());
  CHECK(again->text() == "cnf 3-64-64-2");
  CHECK(again->configuration() == flow.configuration());
  CHECK_NOTHROW(check_weights(*again, weights));
  CHECK_THROWS_AS(flow_kind().restore({}), base::DataError);
  using Widths = std::vector<std::int64_t>;
  for (const Widths& widths : {Widths{3, 8, 2}, Widths{2, 8, 8, 2}, Widths{3, 8, 0, 2}})
    CHECK_THROWS_AS(flow_kind().restore({{"widths", widths}}), base::DataError);
  CHECK(test::message_of<base::UsageError>([] {
          static_cast<void>(Flow({.dimension = 2, .hidden = {8}}));
        }) == "a flow needs two hidden layers, each of positive width");
}

}  // namespace noether::learn
