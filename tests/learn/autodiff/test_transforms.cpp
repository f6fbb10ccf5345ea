#include "learn/autodiff/transforms.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "base/error.h"
#include "learn/autodiff/jacobian.h"
#include "learn/autodiff/op.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {
namespace {

using test::irregular;

// Weights of a network 3 -> 4 -> 1 and a direction of the same form.
Params weights(int seed) {
  return {{"W1", irregular({4, 3}, -1, 1, seed)},
          {"b1", irregular({4}, -1, 1, seed + 1)},
          {"W2", irregular({1, 4}, -1, 1, seed + 2)},
          {"b2", irregular({1}, -1, 1, seed + 3)}};
}

Tensor loss(const Params& w) {
  const Tensor x = irregular({5, 3}, -1, 1, 9), y = irregular({5, 1}, -1, 1, 10);
  const Tensor hidden = tanh(linear(x, w["W1"], w["b1"]));
  return mean(square(linear(hidden, w["W2"], w["b2"]) - y));
}

void check_equal(const Params& a, const Params& b, double tolerance) {
  const auto x = ravel(a.tensors()).to_vector(), y = ravel(b.tensors()).to_vector();
  REQUIRE(x.size() == 21);
  REQUIRE(y.size() == 21);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(std::abs(x[i] - y[i]) < tolerance);
}

Params difference(const std::function<Params(const Params&)>& f, const Params& x, const Params& v,
                  double step) {
  // exact to step^4
  const auto at = [&](double t) { return f(add_scaled(x, t, v)); };
  const Params near = add_scaled(at(step), -1, at(-step));
  const Params far = add_scaled(at(2 * step), -1, at(-2 * step));
  return map(add_scaled(map(near, [](const Tensor& t) { return scale(t, 8); }), -1, far),
             [&](const Tensor& t) { return t / (12 * step); });
}

}  // namespace

TEST_CASE("three ways to a Hessian-vector product agree on a network", "[learn][transforms]") {
  const Params w = weights(0), v = weights(4);
  const Params forward_over_reverse = hvp(loss, w, v);
  const Params reverse_over_forward =
      grad([&](const Params& at) { return jvp(loss, at, v).tangent; }, w);
  const Params reverse_over_reverse =
      grad([&](const Params& at) { return dot(grad(loss, at), v); }, w);
  // values of order 1 from sums of twenty products
  check_equal(forward_over_reverse, reverse_over_forward, 1e-13);
  check_equal(forward_over_reverse, reverse_over_reverse, 1e-13);
  const auto gradient = [](const Params& at) { return grad(loss, at); };
  // rounding 2^-53 / 1e-3 = 1e-13, truncation 1e-12 / 30 times a fifth derivative of order 100
  check_equal(forward_over_reverse, difference(gradient, w, v, 1e-3), 1e-10);
  CHECK(dot(forward_over_reverse, v).item() != 0);
}

TEST_CASE("a third derivative agrees with differences of the second", "[learn][transforms]") {
  const Params w = weights(0), v = weights(4);
  const auto second = [&](const Params& at) { return hvp(loss, at, v); };
  const Params third = jvp(second, w, v).tangent;
  const auto curvature = [&](const Params& at) { return dot(hvp(loss, at, v), v); };
  const Params by_reverse = grad(curvature, w);
  // rounding 1e-13, truncation 1e-12 / 30 times a seventh derivative of order 1000
  check_equal(third, difference(second, w, v, 1e-3), 1e-9);
  check_equal(third, by_reverse, 1e-12);
  CHECK(std::abs(dot(third, v).item()) > 1e-3);
}

TEST_CASE("derivatives of the exponential are itself to the sixth order", "[learn][transforms]") {
  std::function<Tensor(const Tensor&)> f = [](const Tensor& x) { return exp(x); };
  const Tensor x = Tensor::scalar(0.3), one = Tensor::scalar(1);
  for (int order = 1; order <= 3; ++order) {
    f = [f](const Tensor& at) { return grad(f, at); };
    f = [f, one](const Tensor& at) { return jvp(f, at, one).tangent; };
    // our exponential and the C library's, and a few products by 1
    CHECK(f(x).item() == Approx(std::exp(0.3)).epsilon(1e-14));
  }
}

TEST_CASE("the Jacobian of a linear map is its matrix", "[learn][transforms]") {
  const Tensor A = irregular({2, 3}, -1, 1);
  const Tensor J = jacobian(
      [&](const Tensor& x) {
        return reshape(matmul(A, reshape(x, {3, 1})), {2});
      },
      irregular({3}, -1, 1, 1));
  CHECK(J.shape() == Shape{2, 3});
  CHECK(J.to_vector() == A.to_vector());
}

TEST_CASE("the Jacobian has the axes of the result before those of the argument",
          "[learn][transforms]") {
  const Tensor x = irregular({2, 3}, -1, 1);
  const Tensor J = jacobian([](const Tensor& at) { return transpose(square(at)); }, x);
  REQUIRE(J.shape() == Shape{3, 2, 2, 3});
  const auto values = J.to_vector(), at = x.to_vector();
  for (std::size_t n = 0; n < values.size(); ++n) {
    const std::size_t i = n / 12, j = n / 6 % 2, k = n / 3 % 2, l = n % 3;
    CHECK(values[n] == (i == l && j == k ? 2 * at[k * 3 + l] : 0));
  }
}

TEST_CASE("the Jacobian of a gradient is a symmetric Hessian", "[learn][transforms]") {
  const Tensor x = irregular({3}, 0.5, 1.5);
  const auto f = [](const Tensor& at) { return sum(exp(at)) * sum(square(at)); };
  const Tensor H = jacobian([&](const Tensor& at) { return grad(f, at); }, x);
  const auto h = H.to_vector(), t = transpose(H).to_vector();
  // sums of a few products in another order
  for (std::size_t i = 0; i < h.size(); ++i) CHECK(h[i] == Approx(t[i]).epsilon(1e-14));
  CHECK(h[1] != 0);
}

TEST_CASE("a pullback may be called more than once", "[learn][transforms]") {
  const Tensor x = irregular({3}, -1, 1), t = irregular({3}, -1, 1, 1);
  const auto [value, pullback] = vjp([](const Tensor& at) { return exp(at); }, x);
  CHECK(value.to_vector() == exp(x).to_vector());
  const auto first = pullback(t).to_vector();
  CHECK(first == (t * exp(x)).to_vector());
  CHECK(pullback(t).to_vector() == first);
  CHECK(pullback(scale(t, 2)).to_vector() == scale(t * exp(x), 2).to_vector());
}

TEST_CASE("a pullback for one call frees its tape while it runs", "[learn][transforms]") {
  const Tensor x = irregular({10000}, -1, 1), t = irregular({10000}, -1, 1, 1);
  const auto f = [](const Tensor& at) {
    Tensor y = at;
    for (int i = 0; i < 20; ++i) y = exp(scale(y, 0.1));
    return y;
  };
  const auto peak_of_pulling = [&](Tape tape) {
    const auto pullback = vjp(f, x, tape).pullback;
    const auto before = buffer_statistics().live_bytes;
    reset_buffer_peak();
    const Tensor due = pullback(t);
    const auto still_held = buffer_statistics().live_bytes - before;
    return std::tuple(buffer_statistics().peak_bytes - before, still_held, due.to_vector());
  };
  const auto [kept_peak, kept_after, kept] = peak_of_pulling(Tape::kept);
  const auto [freed_peak, freed_after, freed] = peak_of_pulling(Tape::freed);
  CHECK(kept == freed);
  const std::int64_t one = 8 * 10000;
  // the cotangent of x is all that is new; what was freed are the results of twenty exp, of which
  // the last is the value of f
  CHECK(kept_after < 2 * one);
  CHECK(freed_after < -17 * one);
  CHECK(freed_peak <= kept_peak);

  const auto once = vjp(f, x, Tape::freed).pullback;
  once(t);
  CHECK_THROWS_AS(once(t), std::logic_error);
}

TEST_CASE("a leaky ReLU keeps its output alone, and its slope keeps where it is taken",
          "[learn][transforms]") {
  const std::int64_t count = 10000, one = 8 * count;
  const Tensor x = irregular({count}, -1, 1), t = irregular({count}, -1, 1, 1);
  const auto held = [](auto&& record) {
    const auto before = buffer_statistics().live_bytes;
    const auto pullback = record();
    return buffer_statistics().live_bytes - before;
  };
  // the value alone, whatever was between
  CHECK(held([&] {
          return vjp([](const Tensor& at) { return leaky_relu(scale(at, 2), 0.2); }, x).pullback;
        }) == one);
  const Tensor y = leaky_relu(x, 0.2);
  CHECK(held([&] {
          return vjp(
                     [&](const Tensor& at) {
                       return scale(apply(Op::leaky_slope, {scale(at, 2), y}, {.value = 0.2}), 3);
                     },
                     t)
              .pullback;
        }) == one);
  CHECK_THROWS_AS(leaky_relu(x, -0.1), base::ShapeError);
  CHECK(leaky_relu(x, 0).to_vector() == relu(x).to_vector());
}

TEST_CASE("a pullback is linear and has derivatives itself", "[learn][transforms]") {
  const Tensor x = irregular({3}, -1, 1), t = irregular({3}, -1, 1, 1);
  const auto pullback = vjp([](const Tensor& at) { return sin(at); }, x).pullback;
  const Tensor along = jvp(pullback, zeros_like(t), t).tangent;
  CHECK(along.to_vector() == pullback(t).to_vector());
}

TEST_CASE("a cotangent and a tangent have the shape of their value", "[learn][transforms]") {
  const Tensor x = irregular({3}, -1, 1);
  const auto f = [](const Tensor& at) { return exp(at); };
  CHECK_THROWS_AS(jvp(f, x, irregular({2}, -1, 1)), base::ShapeError);
  CHECK_THROWS_AS(jvp(f, x, cast(x, DType::f32)), base::ShapeError);
  CHECK_THROWS_WITH(vjp(f, x).pullback(irregular({2}, -1, 1)),
                    "vjp: a cotangent of shape [2] was given for a value of shape [3]");
  const auto pair = [](const Tensors& at) { return at[0] * at[1]; };
  CHECK_THROWS_WITH(jvp(pair, Tensors{x, x}, Tensors{x}),
                    "jvp: the number of tangents is 1, expected was 2");
}

TEST_CASE("grad refuses a function of several values", "[learn][transforms]") {
  const auto f = [](const Tensor& at) { return exp(at); };
  CHECK_THROWS_AS(grad(f, irregular({3}, -1, 1)), base::ShapeError);
  CHECK_THROWS_WITH(grad(f, irregular({3}, -1, 1)),
                    "grad: the number of values to differentiate is 3, expected was 1");
}

TEST_CASE("gradients have the form of the argument", "[learn][transforms]") {
  using Pair = std::pair<Params, std::pair<Tensor, Tensors>>;
  const Tensor a = irregular({2}, -1, 1), b = irregular({2}, -1, 1, 1);
  const Pair x{{{"a", a}}, {b, {Tensor::scalar(2), Tensor::scalar(3)}}};
  const auto f = [](const Pair& p) {
    const auto& [params, rest] = p;
    return sum(params["a"] * rest.first) * rest.second[0] * square(rest.second[1]);
  };
  const auto [value, g] = value_and_grad(f, x);
  const double ab = sum(a * b).item();
  // a few products in another order
  CHECK(value.item() == Approx(18 * ab).epsilon(1e-14));
  CHECK(g.first["a"].to_vector() == scale(b, 18).to_vector());
  CHECK(g.second.first.to_vector() == scale(a, 18).to_vector());
  CHECK(g.second.second[0].item() == Approx(9 * ab).epsilon(1e-14));
  CHECK(g.second.second[1].item() == Approx(12 * ab).epsilon(1e-14));
}

TEST_CASE("a gradient of no values at all is refused", "[learn][transforms]") {
  const auto nothing = [](const Tensor&) { return Tensors{}; };
  CHECK_THROWS_AS(grad(nothing, Tensor::scalar(3)), base::ShapeError);
}

}  // namespace noether::learn
