#include "learn/models/standardisation.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/models/hnn.h"
#include "learn/models/vanilla.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

// Points about (1000, -2e-3), of very different sizes, and rates of others.
const Tensor points = Tensor::from({999, -1e-3, 1001, -2e-3, 1002, -3e-3, 998, -2e-3}, {4, 2});
const Tensor rates = Tensor::from({5e4, 1e-6, -5e4, 2e-6, 1e4, -1e-6, 2e4, 3e-6}, {4, 2});

Params small_weights(std::int64_t outputs, bool bias = false) {
  return initial_weights({.widths = {2, 5, 4, outputs}, .output_bias = bias}, 3, DType::f64);
}

}  // namespace

TEST_CASE("units are the mean and standard deviation of each coordinate", "[learn][models]") {
  const Standardisation units = standardisation_of(points, rates);
  CHECK(units.mean[0] == 1000);
  CHECK(units.mean[1] == Approx(-2e-3));
  CHECK(units.spread[0] == Approx(std::sqrt(2.5)));
  CHECK(units.rate_spread[1] == Approx(std::sqrt(2.1875) * 1e-6));
  // what never changes keeps its unit
  const Tensor constant = Tensor::full({3, 2}, 7, DType::f64);
  CHECK(standardisation_of(constant, constant).spread == std::vector<double>{1, 1});
}

TEST_CASE("a folded network is the standardised one in the coordinates of the data",
          "[learn][models]") {
  const Standardisation units = standardisation_of(points, rates);
  for (const bool bias : {false, true}) {
    const Mlp mlp{.widths = {2, 5, 4, 2}, .output_bias = bias};
    const Params weights = small_weights(2, bias);
    const Tensor mean = Tensor::from<double>(units.mean, {1, 2}),
                 spread = Tensor::from<double>(units.spread, {1, 2}),
                 rate = Tensor::from<double>(units.rate_spread, {1, 2});
    const Tensor expected = mlp(weights, (points - mean) / spread) * rate;
    const Tensor given = mlp(folded(weights, units), points);
    CHECK(test::difference(given / rate, expected / rate) < 1e-11);  // 1000 / spread lost
    const Params again = unfolded(folded(weights, units), units);
    for (const auto& [name, value] : weights) CHECK(test::difference(again[name], value) < 1e-11);
    // the rates of training are those over their spread
    CHECK(test::difference(standardised_field(mlp_field(mlp), units)(weights, points),
                           expected / rate) < 1e-11);
  }
}

TEST_CASE("a folded Hamiltonian gives rates of the size of the data", "[learn][models]") {
  // spreads that fit a Hamiltonian: dq/dt ~ H / p and dp/dt ~ H / q, with H about 100
  const Standardisation units{{0, 0}, {1e4, 1e-3}, {1e5, 1e-2}};
  const Mlp mlp{.widths = {2, 5, 4, 1}};
  const Params weights = small_weights(1);
  const Tensor x = Tensor::from({1e4, -2e-3, 5e3, 1e-3}, {2, 2});
  const Tensor plain =
      hamiltonian_field(mlp)(weights, x / Tensor::from<double>(units.spread, {1, 2}));
  const Tensor rates_over_spread = standardised_field(hamiltonian_field(mlp), units)(weights, x);
  CHECK(test::difference(rates_over_spread, plain) < 1e-12);
}

TEST_CASE("the folding is differentiated", "[learn][models]") {
  const Standardisation units{{.3, -.2}, {2, .5}, {.7, 3}};
  const Mlp mlp{.widths = {2, 5, 4, 2}};
  const Field field = standardised_field(mlp_field(mlp), units);
  const Tensor y = standardised_rates(rates * 1e-5, units);
  require_gradients([&](const Params& w) { return field_loss(field, w, points * 1e-3, y); },
                    small_weights(2));
}

}  // namespace noether::learn
