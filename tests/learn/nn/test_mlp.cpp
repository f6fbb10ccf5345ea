#include "learn/nn/mlp.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/jacobian.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/models/hnn.h"
#include "learn/models/vanilla.h"

namespace noether::learn {
namespace {

const Mlp net{.widths = {2, 20, 30, 2}};
const Mlp hamiltonian{.widths = {4, 16, 1}};

Tensor some_points(std::int64_t n, std::int64_t d) {
  return Tensor::build<double>({n, d}, [](std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::sin(1.7 * static_cast<double>(i));
  });
}

double largest(const Tensor& x) {
  double most = 0;
  for (const double v : x.to_vector()) most = std::max(most, std::abs(v));
  return most;
}

Tensor identity(std::int64_t n) {
  return Tensor::build<double>({n, n}, [n](std::span<double> out) {
    for (std::int64_t i = 0; i < n * n; ++i)
      out[static_cast<std::size_t>(i)] = i % (n + 1) == 0 ? 1 : 0;
  });
}

}  // namespace

TEST_CASE("initial weights have orthonormal rows or columns, whichever are fewer", "[learn][mlp]") {
  const Params params = initial_weights(net, 3, DType::f64);
  for (int layer = 1; layer <= net.layers(); ++layer) {
    const Tensor& W = params[weight_name(layer)];
    const bool tall = W.shape()[0] >= W.shape()[1];
    const Tensor gram = tall ? matmul(W, W, true, false) : matmul(W, W, false, true);
    // a QR of at most 30 columns: some tens of roundings
    CHECK(largest(gram - identity(gram.shape()[0])) < 1e-14);
  }
}

TEST_CASE("initial biases lie within 1 / sqrt(inputs) and fill that interval", "[learn][mlp]") {
  const Params params = initial_weights({.widths = {2, 400, 400, 2}}, 0, DType::f64);
  for (const auto& [name, bound] : {std::pair{"b1", 1 / std::sqrt(2.0)}, {"b2", 0.05}}) {
    const auto b = params[name].to_vector();
    CHECK(std::ranges::max(b) < bound);
    CHECK(std::ranges::min(b) > -bound);
    // of 400 uniform numbers the largest misses the end by a 50th with probability e^-4
    CHECK(std::ranges::max(b) > 0.95 * bound);
    CHECK(std::ranges::min(b) < -0.95 * bound);
  }
  CHECK_FALSE(params.contains("b3"));
}

TEST_CASE("the same seed gives the same weights, another seed others", "[learn][mlp]") {
  const auto bits = [](std::uint64_t seed) {
    return ravel(initial_weights(net, seed, DType::f32).tensors()).to_vector();
  };
  CHECK(bits(1) == bits(1));
  CHECK(bits(1) != bits(2));
}

TEST_CASE("the network is what its formula says", "[learn][mlp]") {
  const Mlp tiny{.widths = {1, 2, 1}, .output_bias = true};
  const Params params{{"W1", Tensor::from({2, -1}, {2, 1})},
                      {"b1", Tensor::from({0.5, 0.25}, {2})},
                      {"W2", Tensor::from({3, 4}, {1, 2})},
                      {"b2", Tensor::from({-1}, {1})}};
  const double expected = 3 * std::tanh(2 * 0.3 + 0.5) + 4 * std::tanh(-0.3 + 0.25) - 1;
  // the library's tanh is within a few roundings of the standard one's
  CHECK(tiny(params, Tensor::from({0.3}, {1, 1})).item() == Approx(expected).epsilon(1e-14));
}

TEST_CASE("weights of other names or shapes are refused", "[learn][mlp]") {
  const Params params = initial_weights(net, 0, DType::f32);
  CHECK_NOTHROW(check_weights(net, params));
  CHECK_THROWS_AS(check_weights({.widths = {2, 20, 31, 2}}, params), base::DataError);
  CHECK_THROWS_AS(check_weights({.widths = {2, 20, 2}}, params), base::DataError);
  CHECK_THROWS_AS(check_weights({.widths = {2, 20, 30, 2}, .output_bias = true}, params),
                  base::DataError);
}

TEST_CASE("a Hamiltonian field conserves its Hamiltonian", "[learn][hnn]") {
  const Params params = initial_weights(hamiltonian, 1, DType::f64);
  const Tensor x = some_points(6, 4);
  const Tensor rate = hamiltonian_field(hamiltonian)(params, x);
  // dH/dt = grad H . f along the field, by forward mode, which the field itself does not use
  const auto [H, dH_dt] = jvp([&](const Tensor& at) { return hamiltonian(params, at); }, x, rate);
  REQUIRE(largest(rate) > 0.1);
  CHECK(largest(dH_dt) < 1e-15);
}

TEST_CASE("a Hamiltonian field has no divergence", "[learn][hnn]") {
  const Params params = initial_weights(hamiltonian, 1, DType::f64);
  const Tensor jacobian_of_one = jacobian(
      [&](const Tensor& x) {
        return reshape(hamiltonian_field(hamiltonian)(params, reshape(x, {1, 4})), {4});
      },
      Tensor::from({0.3, -0.2, 0.5, 0.1}, {4}));
  const auto J = jacobian_of_one.to_vector();
  REQUIRE(std::abs(J[0]) > 1e-3);
  CHECK(std::abs(J[0] + J[5] + J[10] + J[15]) < 1e-15);
}

TEST_CASE("a Hamiltonian field needs as many momenta as coordinates and one output",
          "[learn][hnn]") {
  CHECK_THROWS_AS(hamiltonian_field({.widths = {3, 8, 1}}), base::UsageError);
  CHECK_THROWS_AS(hamiltonian_field({.widths = {2, 8, 2}}), base::UsageError);
}

TEST_CASE("rows of a field's argument do not see each other", "[learn][field]") {
  const Params params = initial_weights(net, 0, DType::f64);
  const Tensor x = some_points(5, 2);
  const Tensor all = mlp_field(net)(params, x);
  const Tensor one = mlp_field(net)(params, slice(x, 0, 3, 4));
  // another batch size may sum in another order
  CHECK(largest(slice(all, 0, 3, 4) - one) < 1e-14);
}

TEST_CASE("Runge-Kutta follows a linear field with order four, Euler with order one",
          "[learn][field]") {
  const Field rotation = [](const Params& params, const Tensor& x) {
    return matmul(x, params["A"]);
  };
  const Params params{{"A", Tensor::from({0, -1, 1, 0}, {2, 2})}};
  const auto error = [&](int steps, Stepper stepper) {
    const auto states =
        rollout(rotation, params, Tensor::from({1, 0}, {1, 2}), 1.0 / steps, steps, stepper);
    REQUIRE(states.size() == static_cast<std::size_t>(steps) + 1);
    return largest(states.back() - Tensor::from({std::cos(1.0), -std::sin(1.0)}, {1, 2}));
  };
  // halving the step: 2^order, but for the next term of the expansion
  CHECK(error(8, Stepper::rk4) / error(16, Stepper::rk4) == Approx(16).epsilon(0.1));
  CHECK(error(64, Stepper::euler) / error(128, Stepper::euler) == Approx(2).epsilon(0.1));
}

TEST_CASE("rows are integrated to times of their own, by no longer steps than asked for",
          "[learn][field]") {
  const Field decay = [](const Params&, const Tensor& x) { return -1.0 * x; };
  const Params params{{"none", Tensor::from({0}, {1})}};
  const Tensor start = Tensor::from({1, 2, 3}, {3, 1});
  // the second has a long step, the third ends early
  const auto states =
      rollout_at(decay, params, start, {{0, 1, 0}, {0.1, 1.4, 0.05}, {0.3, 1.5, 0.05}}, 0.1);
  REQUIRE(states.size() == 3);
  // Runge-Kutta at 0.1: 0.1^5 / 120 a step, and four of them
  const Tensor first =
      Tensor::from({std::exp(-0.1), 2 * std::exp(-0.4), 3 * std::exp(-0.05)}, {3, 1});
  const Tensor second =
      Tensor::from({std::exp(-0.3), 2 * std::exp(-0.5), 3 * std::exp(-0.05)}, {3, 1});
  CHECK(largest(states[1] - first) < 1e-6);
  CHECK(largest(states[2] - second) < 1e-6);
  // one step of 0.4 is worse
  CHECK(largest(rollout_at(decay, params, start, {{0, 1, 0}, {0.1, 1.4, 0.05}}, 1)[1] - first) >
        1e-5);
}

}  // namespace noether::learn
