#include "learn/autodiff/gradcheck.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/autodiff/custom.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {
namespace {

using Backward = std::function<Tensor(const Tensor&, const Tensor&, const Tensor&)>;

// The cube with a rule of one's own.
auto cube(const Backward& backward) {
  return [backward](const Tensor& x) {
    return custom_vjp([](const Tensor& y) { return power(y, 3); }, backward, x);
  };
}

Tensor right(const Tensor& x, const Tensor&, const Tensor& t) { return scale(t * square(x), 3); }

}  // namespace

TEST_CASE("gradcheck finds a right rule right", "[learn][gradcheck]") {
  const Tensor x = test::irregular({3}, 0.5, 1.5);
  const auto errors = gradcheck(cube(right), x, {.order = 2});
  // what the differences themselves are off by: see GradcheckOptions
  CHECK(worst(errors) < 1e-11);
  CHECK(worst(errors) > 0);
  CHECK_NOTHROW(require_gradients(cube(right), x, {.order = 2}));
}

TEST_CASE("gradcheck finds a wrong factor in a rule", "[learn][gradcheck]") {
  const auto wrong = cube(
      [](const Tensor& x, const Tensor&, const Tensor& t) { return scale(t * square(x), 3.01); });
  const Tensor x = test::irregular({3}, 0.5, 1.5);
  const auto errors = gradcheck(wrong, x);
  CHECK(errors.forward > 1e-3);
  CHECK(errors.reverse > 1e-3);
  CHECK_THROWS_AS(require_gradients(wrong, x), base::NumericalError);
  CHECK_THROWS_WITH(require_gradients(wrong, x),
                    Catch::StartsWith("gradcheck: forward mode differs from central differences"));
}

TEST_CASE("gradcheck finds a rule that loses the second derivative", "[learn][gradcheck]") {
  const auto wrong = cube([](const Tensor& x, const Tensor&, const Tensor& t) {
    return scale(t * square(stop_gradient(x)), 3);
  });
  const Tensor x = test::irregular({3}, 0.5, 1.5);
  CHECK_NOTHROW(require_gradients(wrong, x, {.order = 1}));
  const auto errors = gradcheck(wrong, x, {.order = 2});
  CHECK(errors.forward_over_reverse > 0.1);
  CHECK(errors.reverse_over_forward > 0.1);
  CHECK(errors.reverse_over_reverse > 0.1);
  CHECK_THROWS_AS(require_gradients(wrong, x, {.order = 2}), base::NumericalError);
}

TEST_CASE("gradcheck finds a gradient that is not finite", "[learn][gradcheck]") {
  const auto wrong =
      cube([](const Tensor& x, const Tensor&, const Tensor& t) { return t / (x - x); });
  CHECK_THROWS_AS(require_gradients(wrong, test::irregular({3}, 0.5, 1.5)), base::NumericalError);
}

TEST_CASE("gradcheck takes a tree apart", "[learn][gradcheck]") {
  using Model = std::pair<Params, Tensor>;
  const Model model{{{"W", test::irregular({2, 3}, -1, 1)}, {"b", test::irregular({2}, -1, 1, 1)}},
                    test::irregular({4, 3}, -1, 1, 2)};
  const auto f = [](const Model& m) { return tanh(linear(m.second, m.first["W"], m.first["b"])); };
  CHECK(worst(gradcheck(f, model, {.order = 2})) < 1e-9);
}

TEST_CASE("gradcheck refuses float32", "[learn][gradcheck]") {
  const auto f = [](const Tensor& x) { return exp(x); };
  CHECK_THROWS_AS(gradcheck(f, Tensor::full({2}, 1, DType::f32)), base::UsageError);
}

}  // namespace noether::learn
