#include "learn/autodiff/custom.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
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

TEST_CASE("a checkpoint is given what it closes over, which gradients pass through",
          "[learn][checkpoint]") {
  const Tensor x = test::irregular({3}, -1, 1);
  const std::pair<Tensor, Tensor> w{test::irregular({3}, -1, 1, 1), Tensor::scalar(0.7)};
  const auto inside = [](const Tensor& y, const std::pair<Tensor, Tensor>& weights) {
    return sum(sin(y * weights.first) * weights.second);
  };
  using All = std::pair<Tensor, std::pair<Tensor, Tensor>>;
  const auto plain_form = [&](const All& all) { return inside(all.first, all.second); };
  const auto form = [&](const All& all) { return checkpoint(inside, all.first, all.second); };
  const All at{x, w}, v{w.first, {x, Tensor::scalar(-0.4)}};
  CHECK(ravel(leaves(grad(form, at))).to_vector() ==
        ravel(leaves(grad(plain_form, at))).to_vector());
  CHECK(jvp(form, at, v).tangent.item() == jvp(plain_form, at, v).tangent.item());
  require_gradients(form, at, {.order = 2});
  // constants among the arguments remain constants
  const auto of_weights = [&](const Tensor& first) {
    return checkpoint(inside, x, std::pair(first, w.second));
  };
  CHECK(grad(of_weights, w.first).to_vector() == grad(form, at).second.first.to_vector());
}

TEST_CASE("the memory of a checkpointed scan does not grow with its weights",
          "[learn][checkpoint]") {
  const Tensor h = test::irregular({1, 200}, -1, 1);
  const Params weights{{"W", test::irregular({200, 200}, -0.1, 0.1)},
                       {"b", test::irregular({200}, -1, 1)}};
  const auto cell = [](const Tensor& state, const Params& w) {
    return tanh(linear(state, w["W"], w["b"]));
  };
  const auto gradient = [&](int steps, bool kept) {
    return grad(
        [&](const Params& w) {
          Tensor state = h;
          for (int i = 0; i < steps; ++i) {
            state = kept ? cell(state, w) : checkpoint(cell, state, w);
          }
          return sum(square(state));
        },
        weights);
  };
  // the same sums in the same order
  CHECK(gradient(5, false)["W"].to_vector() == gradient(5, true)["W"].to_vector());

  const auto peak = [&](int steps) {
    const auto before = buffer_statistics().live_bytes;
    reset_buffer_peak();
    gradient(steps, false);
    return buffer_statistics().peak_bytes - before;
  };
  const std::int64_t of_weights = 8 * 200 * 200, of_state = 8 * 200;
  CHECK(peak(5) > of_weights);
  // 25 steps more keep 25 states more, with their results; one copy of the weights is 200 states
  CHECK(peak(30) - peak(5) < 25 * 2 * of_state + of_weights / 10);
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

TEST_CASE("a custom rule has several arguments and results", "[learn][custom]") {
  using Pair = std::pair<Tensor, Tensor>;
  const auto f = [](const Tensor& x, const Pair& w) {
    return Pair{x * w.first, sum(square(x)) * w.second};
  };
  // the rule of f; w.second is due nothing where the second result is
  const auto backward = [](const Tensor& x, const Pair& w, const Pair&, const Pair& t) {
    const Tensor dx = t.first * w.first + scale(t.second * w.second * x, 2);
    return std::tuple(dx, Pair{t.first * x, t.second * sum(square(x))});
  };
  using All = std::pair<Tensor, Pair>;
  const auto total = [](const Pair& y) { return sum(sin(y.first)) * cos(y.second); };
  const auto plain_form = [&](const All& at) { return total(f(at.first, at.second)); };
  const auto form = [&](const All& at) {
    return total(custom_vjp(f, backward, at.first, at.second));
  };
  const All at{test::irregular({3}, -1, 1), {test::irregular({3}, -1, 1, 1), Tensor::scalar(0.7)}};
  const auto slope = ravel(leaves(grad(form, at))).to_vector(),
             expected = ravel(leaves(grad(plain_form, at))).to_vector();
  // values of order 1 from a dozen products
  for (std::size_t i = 0; i < 7; ++i) CHECK(std::abs(slope.at(i) - expected.at(i)) < 1e-14);
  require_gradients(form, at, {.order = 2});
}

TEST_CASE("a custom rule may leave a cotangent of zero undefined", "[learn][custom]") {
  using Pair = std::pair<Tensor, Tensor>;
  const auto first = [](const Tensor& x, const Tensor&) { return square(x); };
  const auto backward = [](const Tensor& x, const Tensor&, const Tensor&, const Tensor& t) {
    return std::tuple(scale(t * x, 2), Tensor());
  };
  const auto f = [&](const Pair& at) { return custom_vjp(first, backward, at.first, at.second); };
  const Pair at{Tensor::scalar(3), Tensor::scalar(5)}, v{Tensor::scalar(1), Tensor::scalar(1)};
  CHECK(grad(f, at).first.item() == 6);
  CHECK(grad(f, at).second.item() == 0);
  CHECK(jvp(f, at, v).tangent.item() == 6);
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
