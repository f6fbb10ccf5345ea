#include "learn/autodiff/custom.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {
namespace {

using Function = std::function<Tensor(const Tensor&)>;

Tensor five_layers(const Tensor& x) {
  Tensor y = x;
  for (int i = 0; i < 5; ++i) y = tanh(shift(scale(y, 1.2), 0.1));
  return y;
}
Tensor plain(const Tensor& x) { return sum(five_layers(five_layers(five_layers(five_layers(x))))); }
Tensor checkpointed(const Tensor& x) {
  Tensor y = x;
  for (int i = 0; i < 4; ++i) y = checkpoint(five_layers, y);
  return sum(y);
}

std::int64_t peak_of_gradient(const Function& f, const Tensor& x) {
  const auto before = buffer_statistics().live_bytes;
  reset_buffer_peak();
  grad(f, x);
  return buffer_statistics().peak_bytes - before;
}

// x^3, where the rule counts how often it is used.
Function counting_cube(int& uses) {
  return [&uses](const Tensor& x) {
    return custom_vjp([](const Tensor& y) { return y * square(y); },
                      [&uses](const Tensor& y, const Tensor&, const Tensor& t) {
                        ++uses;
                        return scale(t * square(y), 3);
                      },
                      x);
  };
}

}  // namespace

TEST_CASE("a checkpoint changes no value and no derivative to second order",
          "[learn][checkpoint]") {
  const Tensor x = test::irregular({7}, -1, 1), v = test::irregular({7}, -1, 1, 1);
  // the same operations in the same order: equal to the last bit
  CHECK(checkpointed(x).item() == plain(x).item());
  CHECK(grad(checkpointed, x).to_vector() == grad(plain, x).to_vector());
  CHECK(jvp(checkpointed, x, v).tangent.item() == jvp(plain, x, v).tangent.item());
  const auto second = hvp(checkpointed, x, v).to_vector(), expected = hvp(plain, x, v).to_vector();
  // through twenty layers, where cotangents of several uses are added in another order
  for (std::size_t i = 0; i < second.size(); ++i) {
    CHECK(second[i] == Approx(expected[i]).epsilon(1e-12));
  }
  CHECK(std::abs(expected[0]) > 1e-9);
}

TEST_CASE("checkpoints keep less memory", "[learn][checkpoint]") {
  const Tensor x = test::irregular({10000}, -1, 1);
  const auto with = peak_of_gradient(checkpointed, x), without = peak_of_gradient(plain, x);
  // four inputs and one segment of five layers instead of twenty layers
  CHECK(without > 20 * x.size() * 8);
  CHECK(with < 15 * x.size() * 8);
}

TEST_CASE("a checkpoint takes and gives trees", "[learn][checkpoint]") {
  using Pair = std::pair<Params, Tensor>;
  const Pair x{{{"a", test::irregular({2, 2}, -1, 1)}, {"b", Tensor::scalar(2)}},
               test::irregular({2}, -1, 1, 1)};
  const auto inside = [](const Pair& p) {
    return Tensors{sin(p.first["a"]) * p.second, p.first["b"] * p.second};
  };
  const auto total = [](const Tensors& y) { return sum(y[0]) + sum(square(y[1])); };
  const auto kept = grad([&](const Pair& p) { return total(inside(p)); }, x);
  const auto again = grad([&](const Pair& p) { return total(checkpoint(inside, p)); }, x);
  CHECK(again.first["a"].to_vector() == kept.first["a"].to_vector());
  CHECK(again.first["b"].shape() == Shape{});
  CHECK(again.first["b"].to_vector() == kept.first["b"].to_vector());
  CHECK(again.second.to_vector() == kept.second.to_vector());
}

TEST_CASE("a checkpoint refuses a variable that is not its argument", "[learn][checkpoint]") {
  const Tensor c = Tensor::scalar(2);
  const auto captures = [&](const Tensor& x) {
    return checkpoint([&](const Tensor& y) { return x * y; }, c);
  };
  CHECK_THROWS_AS(grad(captures, Tensor::scalar(3)), std::logic_error);
  const auto captures_too = [&](const Tensor& x) {
    return checkpoint([&](const Tensor& y) { return x * y; }, square(x));
  };
  CHECK_THROWS_AS(grad(captures_too, Tensor::scalar(3)), std::logic_error);
  CHECK_THROWS_AS(jvp(captures_too, Tensor::scalar(3), c), std::logic_error);
}

TEST_CASE("a custom rule is used in reverse, forward and to second order", "[learn][custom]") {
  int uses = 0;
  const Function f = counting_cube(uses);
  const Tensor x = Tensor::scalar(2), one = Tensor::scalar(1);
  CHECK(f(x).item() == 8);
  CHECK(uses == 0);
  CHECK(grad(f, x).item() == 12);
  CHECK(uses == 1);
  CHECK(jvp(f, x, one).tangent.item() == 12);
  CHECK(uses == 2);
  CHECK(hvp(f, x, one).item() == 12);
  const auto slope = [&](const Tensor& at) { return grad(f, at); };
  const auto tangent = [&](const Tensor& at) { return jvp(f, at, one).tangent; };
  CHECK(grad(slope, x).item() == 12);
  CHECK(grad(tangent, x).item() == 12);
  CHECK(jvp(tangent, x, one).tangent.item() == 12);
  const auto curvature = [&](const Tensor& at) { return grad(slope, at); };
  CHECK(grad(curvature, x).item() == 6);
}

TEST_CASE("a custom rule may differ from the derivative", "[learn][custom]") {
  // the identity with a cotangent that is cut off at 1
  const auto clipped = [](const Tensor& x) {
    return custom_vjp([](const Tensor& y) { return y; },
                      [](const Tensor&, const Tensor&, const Tensor& t) { return t - relu(t - 1); },
                      x);
  };
  CHECK(grad([&](const Tensor& x) { return 5 * clipped(x); }, Tensor::scalar(2)).item() == 1);
  CHECK(grad([&](const Tensor& x) { return 0.5 * clipped(x); }, Tensor::scalar(2)).item() == 0.5);
}

TEST_CASE("a custom rule gives a cotangent of the shape of its argument", "[learn][custom]") {
  const auto wrong = [](const Tensor& x) {
    return custom_vjp([](const Tensor& y) { return sum(y); },
                      [](const Tensor&, const Tensor&, const Tensor& t) { return t; }, x);
  };
  CHECK_THROWS_AS(grad(wrong, Tensor::full({2}, 1)), base::ShapeError);
  CHECK_THROWS_WITH(grad(wrong, Tensor::full({2}, 1)),
                    "custom_vjp: a cotangent of shape [2] was expected, not []");
}

}  // namespace noether::learn
