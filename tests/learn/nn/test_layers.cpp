#include "learn/nn/layers.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/gradcheck.h"
#include "learn/nn/conditional_norm.h"
#include "learn/nn/lstm.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

using test::difference;
using test::irregular;

// Weights of a layer that are all different, with their shapes.
template <class Layer>
Params weights_of(const Layer& layer) {
  InitialWeights weights(5, DType::f64);
  layer.add_to(weights);
  Params params;
  int seed = 0;
  for (const auto& [name, value] : weights.params()) {
    params.add(name, irregular(value.shape(), -1, 1, ++seed));
  }
  return params;
}

// Values in row-major order, made of their indices.
Tensor made(const Shape& shape, const std::function<double(std::array<std::int64_t, 4>)>& value) {
  return Tensor::build<double>(shape, [&](std::span<double> out) {
    std::size_t i = 0;
    for (std::int64_t n = 0; n < shape[0]; ++n)
      for (std::int64_t k = 0; k < shape[1]; ++k)
        for (std::int64_t y = 0; y < shape[2]; ++y)
          for (std::int64_t x = 0; x < shape[3]; ++x) out[i++] = value({n, k, y, x});
  });
}

double at(const Tensor& x, std::int64_t i, std::int64_t j = 0, std::int64_t k = 0,
          std::int64_t l = 0) {
  const auto extent = [&](int axis) { return axis < x.shape().rank() ? x.shape()[axis] : 1; };
  if (k < 0 || l < 0 || k >= extent(2) || l >= extent(3)) return 0;  // beside the image
  return x.data<double>()[static_cast<std::size_t>(
      ((i * extent(1) + j) * extent(2) + k) * extent(3) + l)];
}

// sums of at most 60 products of values below 1
constexpr double rounding = 1e-14;

// The first and second derivatives of f(weights, input) at such a pair.
template <class F>
void check_gradients(const F& f, const Params& params, const Tensor& x) {
  const auto of_both = [&](const std::pair<Params, Tensor>& both) {
    return f(both.first, both.second);
  };
  CHECK_NOTHROW(require_gradients(of_both, std::pair(params, x), {.order = 2}));
}

}  // namespace

TEST_CASE("initial weights lie within the bound and are a function of the seed", "[learn][nn]") {
  const auto with = [](std::uint64_t seed) {
    InitialWeights weights(seed, DType::f64);
    LinearLayer{"a", 16, 30}.add_to(weights);
    DoublingLayer{"b", 9, 2}.add_to(weights);
    return weights.params();
  };
  const Params params = with(1);
  CHECK(difference(params, with(1)) == 0);
  CHECK(difference(params["a.W"], with(2)["a.W"]) > 0.1);
  // of so many values the largest is close to the bound, 1/sqrt(16) and 1/sqrt(9 * 16 / 4)
  for (const auto& [name, bound] : {std::pair("a.W", 0.25), std::pair("b.W", 1.0 / 6)}) {
    CHECK(test::size_of(params[name]) <= bound);
    CHECK(test::size_of(params[name]) > 0.95 * bound);
  }
  InitialWeights weights(1, DType::f64);
  LstmCell{"c", 3, 2}.add_to(weights);
  const auto b = weights.params()["c.b"].to_vector();
  CHECK((b[2] == 1 && b[3] == 1));
  CHECK((std::abs(b[1]) < 1 / std::sqrt(5) && std::abs(b[4]) < 1 / std::sqrt(5)));
}

TEST_CASE("a linear layer is W x + b", "[learn][nn]") {
  const LinearLayer layer{"a", 3, 2};
  const Params params = weights_of(layer);
  const Tensor x = irregular({4, 3}, -1, 1), y = layer(params, x);
  for (std::int64_t n = 0; n < 4; ++n)
    for (std::int64_t o = 0; o < 2; ++o) {
      double sum = at(params["a.b"], o);
      for (std::int64_t i = 0; i < 3; ++i) sum += at(params["a.W"], o, i) * at(x, n, i);
      CHECK(std::abs(at(y, n, o) - sum) < rounding);
    }
  check_gradients(layer, params, x);
}

TEST_CASE("a halving layer is a convolution in steps of two", "[learn][nn]") {
  const HalvingLayer layer{"a", 2, 3};
  const Params params = weights_of(layer);
  const Tensor x = irregular({2, 2, 6, 4}, -1, 1), y = layer(params, x);
  const Tensor expected = made({2, 3, 3, 2}, [&](auto i) {
    const auto& [n, k, row, column] = i;
    double sum = at(params["a.b"], k);
    for (std::int64_t c = 0; c < 2; ++c)
      for (std::int64_t u = 0; u < 4; ++u)
        for (std::int64_t v = 0; v < 4; ++v) {
          sum += at(params["a.W"], k, c, u, v) * at(x, n, c, 2 * row + u - 1, 2 * column + v - 1);
        }
    return sum;
  });
  CHECK(difference(y, expected) < rounding);
  check_gradients(layer, params, x);
}

TEST_CASE("a doubling layer adds every pixel into four by four", "[learn][nn]") {
  const DoublingLayer layer{"a", 2, 3};
  const Params params = weights_of(layer);
  const Tensor x = irregular({2, 2, 3, 2}, -1, 1), y = layer(params, x);
  const Tensor expected = made({2, 3, 6, 4}, [&](auto i) {
    const auto& [n, k, row, column] = i;
    double sum = at(params["a.b"], k);
    for (std::int64_t c = 0; c < 2; ++c)
      for (std::int64_t r = 0; r < 3; ++r)
        for (std::int64_t s = 0; s < 2; ++s) {
          // where pixel (r, s) puts element (0, 0) of the kernel
          const std::int64_t u = row - (2 * r - 1), v = column - (2 * s - 1);
          if (u < 4 && v < 4) sum += at(params["a.W"], c, k, u, v) * at(x, n, c, r, s);
        }
    return sum;
  });
  CHECK(difference(y, expected) < rounding);
  check_gradients(layer, params, x);
}

TEST_CASE("a norm scales and shifts by trained weights, and then by the sequence's own",
          "[learn][nn]") {
  const NormLayer layer{2, 3};
  const Params params = weights_of(layer);
  const Params own{{"gamma2", irregular({2, 3}, -1, 1, 3)}, {"beta2", irregular({2, 3}, -1, 1, 4)}};
  const auto norm = [&](const Params& p, const Params& o, const Tensor& v) {
    return normalize(v, layer.join(p, o));
  };
  const Tensor x = irregular({2, 3, 2, 4}, -1, 1), y = norm(params, own, x);
  const Tensor expected = made(x.shape(), [&](auto i) {
    const auto& [n, k, row, column] = i;
    double mean = 0, variance = 0;
    for (std::int64_t j = 0; j < 24; ++j) mean += at(x, n, j / 8, j / 4 % 2, j % 4) / 24;
    for (std::int64_t j = 0; j < 24; ++j) {
      variance += std::pow(at(x, n, j / 8, j / 4 % 2, j % 4) - mean, 2) / 24;
    }
    const double unit = (at(x, n, k, row, column) - mean) / std::sqrt(variance + 1e-5);
    const double trained = at(params["norm2.scale"], k) * unit + at(params["norm2.shift"], k);
    return at(own["gamma2"], n, k) * trained + at(own["beta2"], n, k);
  });
  CHECK(difference(y, expected) < rounding);
  // of weights and own arrays together
  Params both = params;
  for (const auto& [name, value] : own) both.add(name, value);
  check_gradients([&](const Params& p, const Tensor& v) { return norm(p, p, v); }, both, x);
  // a code is an image of one pixel
  const Tensor code = irregular({2, 3}, -1, 1);
  CHECK(difference(norm(params, own, code),
                   reshape(norm(params, own, reshape(code, {2, 3, 1, 1})), {2, 3})) < rounding);
}

TEST_CASE("an LSTM cell forgets, takes in and gives out by its gates", "[learn][nn]") {
  const LstmCell cell{"a", 3, 2};
  const Params params = weights_of(cell);
  const Tensor x = irregular({2, 3}, -1, 1);
  const LstmState before{irregular({2, 2}, -1, 1, 7), irregular({2, 2}, -1, 1, 8)};
  const LstmState after = cell(params, x, before);
  const auto sigma = [](double z) { return 1 / (1 + std::exp(-z)); };
  for (std::int64_t n = 0; n < 2; ++n)
    for (std::int64_t m = 0; m < 2; ++m) {
      const auto z = [&](std::int64_t gate) {
        const std::int64_t o = 2 * gate + m;
        double sum = at(params["a.b"], o) + at(params["a.d"], o);
        for (std::int64_t i = 0; i < 3; ++i) sum += at(params["a.W"], o, i) * at(x, n, i);
        for (std::int64_t i = 0; i < 2; ++i) sum += at(params["a.U"], o, i) * at(before.h, n, i);
        return sum;
      };
      const double c = sigma(z(1)) * at(before.c, n, m) + sigma(z(0)) * std::tanh(z(3));
      CHECK(std::abs(at(after.c, n, m) - c) < rounding);
      CHECK(std::abs(at(after.h, n, m) - sigma(z(2)) * std::tanh(c)) < rounding);
    }
  // two steps, so that gradients pass from c to c
  check_gradients(
      [&](const Params& p, const Tensor& v) { return cell(p, v, cell(p, v, before)).h; }, params,
      x);
  CHECK(test::size_of(Tensors{cell.start(3, DType::f64).h, cell.start(3, DType::f64).c}) == 0);
}

}  // namespace noether::learn
