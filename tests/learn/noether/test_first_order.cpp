// What second order is for: where the gradient through the inner step is that of the first-order
// approximation, and where it is not (docs/noether.md, "What second order is for").

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/models/vanilla.h"
#include "learn/noether/pretrain.h"
#include "learn/noether/tailored_field.h"
#include "learn/train/trainer.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

const Mlp mlp{{2, 6, 5, 2}};
const Quantity energy = formula_quantity("p^2 - 3 cos(q)", {"q", "p"});

// epsilon is far below |grad r|^2, which is above 0.1 at these states: the step removes all of r
const InnerStep last{.weights = last_layer(mlp), .epsilon = 1e-15};
const InnerStep all{.epsilon = 1e-15};

Params weights() { return initial_weights(mlp, 3, DType::f64); }
Tensor states() { return test::irregular({8, 2}, -1.5, 1.5); }

// dx/dt of the pendulum, q' = 2 p, p' = -3 sin q: along the level sets of its energy
Tensor motion() {
  const Tensor q = slice(states(), 1, 0, 1), p = slice(states(), 1, 1, 2);
  return concat(Tensors{scale(p, 2), scale(sin(q), -3)}, 1);
}
Tensor noise() { return scale(test::irregular({8, 2}, -1, 1, 4), 0.5); }

// the part of v along the level sets of the energy
Tensor tangent_part(const Tensor& v) {
  const Tensor n = grad([](const Tensor& at) { return sum(energy({}, at)); }, states());
  return v - scale_rows(n, row_dot(n, v) / row_dot(n, n));
}

Params gradient(const Field& field, const Tensor& target) {
  return grad([&](const Params& theta) { return field_loss(field, theta, states(), target); },
              weights());
}
Params exact(const InnerStep& step, const Tensor& target) {
  return gradient(tailored_field(mlp, energy, {}, step), target);
}
Params first_order(const InnerStep& step, const Tensor& target) {
  return gradient(first_order_tailored_field(mlp, energy, {}, step), target);
}

// |a - b| / |b|, of all weights together
double distance(const Params& a, const Params& b) {
  const Params off = add_scaled(a, -1, b);
  return std::sqrt(dot(off, off).item() / dot(b, b).item());
}

// sums of some ten products, each rounded by 1e-16, in another order
constexpr double rounding = 1e-15;

}  // namespace

TEST_CASE("a first-order field has the values of the tailored one", "[learn][noether]") {
  for (const InnerStep& step : {last, all}) {
    const Tensor there = tailored_field(mlp, energy, {}, step)(weights(), states());
    const Tensor here = first_order_tailored_field(mlp, energy, {}, step)(weights(), states());
    CHECK(here.to_vector() == there.to_vector());
    CHECK(test::difference(here, mlp(weights(), states())) > 0.1);
  }
}

TEST_CASE("last layer, targets along the level sets: first order is exact", "[learn][noether]") {
  REQUIRE(test::difference(tangent_part(motion()), motion()) < rounding);
  const Params through = exact(last, motion());
  CHECK(distance(first_order(last, motion()), through) < rounding);
  // it is no gradient that the step leaves alone
  CHECK(distance(gradient(mlp_field(mlp), motion()), through) > 0.05);
}

TEST_CASE("last layer, targets along the level sets: both gradients train the same weights",
          "[learn][noether]") {
  const auto trained = [](const Field& field) {
    const Loss loss = [&](const Params& theta) {
      return field_loss(field, theta, states(), motion());
    };
    return train({.steps = 200}, initial_training_state(weights()), loss).params;
  };
  const Params through = trained(tailored_field(mlp, energy, {}, last));
  const Params around = trained(first_order_tailored_field(mlp, energy, {}, last));
  // training amplifies what differs in a gradient, so short a one less than tenfold
  CHECK(distance(around, through) < 10 * rounding);
  CHECK(distance(weights(), through) > 0.1);
}

TEST_CASE("last layer, noisy targets: first order is off by what no weights can learn",
          "[learn][noether]") {
  const Tensor noisy = motion() + noise();
  const Params through = exact(last, noisy);
  CHECK(distance(first_order(last, noisy), through) > 0.05);
  // the exact gradient is that of the part of the targets along the level sets
  CHECK(distance(first_order(last, tangent_part(noisy)), through) < rounding);
  CHECK(distance(exact(last, tangent_part(noisy)), through) < rounding);
}

TEST_CASE("all layers: first order is off, whatever the targets", "[learn][noether]") {
  for (const Tensor& target : {motion(), motion() + noise()})
    CHECK(distance(first_order(all, target), exact(all, target)) > 0.05);
}

TEST_CASE("a rule that leaves some of the residual: first order is off", "[learn][noether]") {
  for (const StepRule rule : {StepRule::polyak, StepRule::sgd}) {
    InnerStep step = last;
    step.rule = rule;
    step.rate = Tensor::scalar(0.1);
    CAPTURE(to_string(rule));
    CHECK(distance(first_order(step, motion()), exact(step, motion())) > 0.01);
  }
}

TEST_CASE("no first-order gradient reaches a neural quantity", "[learn][noether]") {
  const Mlp quantity{{2, 4, 1}};
  const auto by_phi = [&](auto field_of) {
    return grad(
        [&](const Params& phi) {
          return field_loss(field_of(mlp, network_quantity(quantity), phi, last, 0), weights(),
                            states(), motion());
        },
        initial_quantity_weights(quantity, 1));
  };
  CHECK(test::size_of(by_phi(first_order_tailored_field)) == 0);
  CHECK(test::size_of(by_phi(tailored_field)) > 1e-3);
}

}  // namespace noether::learn
