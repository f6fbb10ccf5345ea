// What is variable and what is constant for which trace.

#include "learn/autodiff/trace.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {

TEST_CASE("an outer variable is constant for the inner derivative and variable for the outer",
          "[learn][trace]") {
  // d/dx (x d/dy (x + y)) = d/dx x = 1; a confusion of the two gives 2
  const auto one = Tensor::scalar(1), x = Tensor::scalar(3);
  const auto reverse = [&](const Tensor& a) {
    return a * grad([&](const Tensor& b) { return a + b; }, Tensor::scalar(1));
  };
  const auto forward = [&](const Tensor& a) {
    return a * jvp([&](const Tensor& b) { return a + b; }, one, one).tangent;
  };
  CHECK(grad(reverse, x).item() == 1);
  CHECK(grad(forward, x).item() == 1);
  CHECK(jvp(reverse, x, one).tangent.item() == 1);
  CHECK(jvp(forward, x, one).tangent.item() == 1);
}

TEST_CASE("an inner derivative depends on the outer variable it uses", "[learn][trace]") {
  // d/dx (x d/dy (x y^2) at y = x) = d/dx (2 x^3) = 6 x^2
  const auto one = Tensor::scalar(1), x = Tensor::scalar(3);
  const auto f = [&](const Tensor& a) {
    return a * grad([&](const Tensor& b) { return a * square(b); }, a);
  };
  CHECK(grad(f, x).item() == 54);
  CHECK(jvp(f, x, one).tangent.item() == 54);
}

TEST_CASE("stop_gradient makes a constant at every level", "[learn][trace]") {
  const auto one = Tensor::scalar(1), x = Tensor::scalar(3);
  const auto f = [](const Tensor& a) { return a * square(stop_gradient(a)); };
  const auto slope = [&](const Tensor& a) { return grad(f, a); };
  const auto tangent = [&](const Tensor& a) { return jvp(f, a, one).tangent; };
  CHECK(slope(x).item() == 9);
  CHECK(tangent(x).item() == 9);
  CHECK(grad(slope, x).item() == 0);
  CHECK(grad(tangent, x).item() == 0);
  CHECK(jvp(slope, x, one).tangent.item() == 0);
  // within an inner derivative it stops the outer one too
  const auto outer = [&](const Tensor& a) {
    return grad([&](const Tensor& b) { return b * stop_gradient(a * b); }, a);
  };
  CHECK(outer(x).item() == 9);
  CHECK(grad(outer, x).item() == 0);
}

TEST_CASE("a tensor that outlives its derivative cannot be used", "[learn][trace]") {
  Tensor leaked, kept;
  const auto leak = [&](const Tensor& a) {
    leaked = square(a);
    kept = stop_gradient(leaked);
    return a;
  };
  const auto x = Tensor::scalar(3), one = Tensor::scalar(1);
  const auto use = [&](const Tensor& a) { return a + leaked; };
  grad(leak, x);
  CHECK_THROWS_AS(use(x), std::logic_error);
  CHECK_THROWS_AS(leaked.item(), std::logic_error);
  CHECK_THROWS_AS(grad(use, x), std::logic_error);
  jvp(leak, x, one);
  CHECK_THROWS_AS(use(x), std::logic_error);
  CHECK_THROWS_AS(jvp(use, x, one), std::logic_error);
  CHECK(kept.item() == 9);
}

TEST_CASE("a tensor of a dead derivative is no variable of the next in its place",
          "[learn][trace]") {
  const auto x = Tensor::scalar(3), one = Tensor::scalar(1);
  Tensor leaked;
  const auto first = [&](const Tensor& a) { return leaked = scale(a, 7); };
  // most likely the second trace lies where the first one lay
  const auto run = [&](const std::function<Tensor(const Tensor&)>& f) {
    return jvp(f, x, one).tangent;
  };
  CHECK(run(first).item() == 7);
  CHECK(run([&](const Tensor&) { return leaked; }).item() == 0);
}

TEST_CASE("what does not depend on the variable has the derivative zero", "[learn][trace]") {
  const auto x = test::irregular({2, 3}, -1, 1), c = test::irregular({4}, -1, 1);
  const auto constant = [&](const Tensor&) { return c; };
  const auto [value, tangent] = jvp(constant, x, ones_like(x));
  CHECK(value.to_vector() == c.to_vector());
  CHECK(tangent.shape() == c.shape());
  CHECK(tangent.to_vector() == std::vector<double>(4, 0.0));
  const Tensor cotangent = vjp(constant, x).pullback(ones_like(c));
  CHECK(cotangent.shape() == x.shape());
  CHECK(cotangent.to_vector() == std::vector<double>(6, 0.0));
}

TEST_CASE("a variable may be the result and may be used twice", "[learn][trace]") {
  const auto x = Tensor::scalar(3);
  CHECK(grad([](const Tensor& a) { return a; }, x).item() == 1);
  CHECK(grad([](const Tensor& a) { return a + a; }, x).item() == 2);
  const auto both = vjp([](const Tensor& a) { return Tensors{a, a}; }, x);
  CHECK(both.pullback({Tensor::scalar(2), Tensor::scalar(5)}).item() == 7);
}

TEST_CASE("a tape that was not kept is not pulled again", "[learn][trace]") {
  ReverseTrace trace;
  const Tensor x = trace.watch(Tensor::scalar(3)), y = square(x), one = Tensor::scalar(1);
  const auto pull = [&](bool keep) { return trace.pull({{y}}, {{one}}, {{x}}, keep)[0].item(); };
  CHECK(pull(true) == 6);
  CHECK(pull(false) == 6);
  CHECK_THROWS_AS(pull(false), std::logic_error);
}

}  // namespace noether::learn
