#include "learn/noether/tailored_field.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/models/vanilla.h"
#include "learn/noether/pretrain.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

using test::difference;
using Both = std::pair<Params, Params>;

const Mlp mlp{{2, 6, 5, 2}};
const Quantity energy = formula_quantity("p^2 - 2.4 cos(q)", {"q", "p"});

Params weights() { return initial_weights(mlp, 3, DType::f64); }
Tensor states() { return test::irregular({8, 2}, -1.5, 1.5); }

Tensor rates(const Tensor& x, const Tensor& f) { return rate_of_change(energy, {}, x, f); }

double drift(const Field& field) {
  const Tensors path = rollout(field, weights(), states(), 0.05, 60);
  return test::size_of(energy({}, path.back()) - energy({}, path.front()));
}

}  // namespace

TEST_CASE("a field tailored at every stage conserves g along a rollout", "[learn][noether]") {
  const double plain = drift(mlp_field(mlp));
  REQUIRE(plain > 0.5);
  // what is left is epsilon = 1e-6 against |grad r|^2 of order one, over 3 s
  CHECK(drift(tailored_field(mlp, energy, {}, {.weights = last_layer(mlp)})) < 1e-4 * plain);
  // all layers: r is not linear in them, and one step leaves its second order
  CHECK(drift(tailored_field(mlp, energy, {}, {})) < 0.3 * plain);
  CHECK(drift(tailored_field(mlp, energy, {}, {.steps = 4})) < 1e-3 * plain);
}

TEST_CASE("inductive: without inner steps the tailored field is the plain one",
          "[learn][noether]") {
  const Field none = tailored_field(mlp, energy, {}, {.steps = 0});
  CHECK(none(weights(), states()).to_vector() == mlp(weights(), states()).to_vector());
}

TEST_CASE("transductive: one set of weights, under which g changes less on the batch",
          "[learn][noether]") {
  const Tensor x = states();
  const auto mean_rate = [&](const Params& theta) {
    return mean(square(rates(x, mlp(theta, x)))).item();
  };
  const double before = mean_rate(weights());
  for (const std::vector<std::string>& names : {{}, last_layer(mlp)}) {
    double last = before;
    for (const int steps : {1, 5, 25}) {
      const Params theta = transductive_weights(
          mlp, energy, {}, {.rule = StepRule::polyak, .steps = steps, .weights = names}, weights(),
          x);
      check_weights(mlp, theta);
      CHECK(mean_rate(theta) < last);
      last = mean_rate(theta);
    }
    CHECK(last < 0.5 * before);
  }
}

TEST_CASE("transductive: sgd descends on the mean over the batch, however large it is",
          "[learn][noether]") {
  const InnerStep step{.rule = StepRule::sgd, .rate = Tensor::scalar(0.05)};
  const Tensor x = states(), twice = concat(Tensors{x, x}, 0);
  const Params once = transductive_weights(mlp, energy, {}, step, weights(), x);
  // the same mean of twice as many values
  CHECK(difference(transductive_weights(mlp, energy, {}, step, weights(), twice), once) < 1e-14);
  const Params slope =
      grad([&](const Params& at) { return mean(square(rates(x, mlp(at, x)))); }, weights());
  CHECK(difference(once, add_scaled(weights(), -0.05, slope)) < 1e-14);
  CHECK(difference(once, weights()) > 1e-3);
}

TEST_CASE("tailoring: every query has a field of its own, whoever else is asked about",
          "[learn][noether]") {
  const Field field = tailored_field(mlp, energy, {}, {});
  const Tensor x = states(), together = field(weights(), x);
  for (std::int64_t i = 0; i < 8; ++i) {
    // sums over another number of rows
    CHECK(difference(field(weights(), slice(x, 0, i, i + 1)), slice(together, 0, i, i + 1)) <
          1e-14);
  }
  CHECK(difference(together, mlp(weights(), x)) > 0.1);
}

TEST_CASE("meta-tailoring: the same field, whose training goes through the inner step",
          "[learn][noether]") {
  const Tensor x = states(), target = test::irregular({8, 2}, -1, 1, 4);
  const Field field = tailored_field(mlp, energy, {}, {.weights = last_layer(mlp)});
  const auto loss = [&](const Params& theta) { return field_loss(field, theta, x, target); };
  const Params through = grad(loss, weights());
  const Params around = grad(
      [&](const Params& theta) { return field_loss(mlp_field(mlp), theta, x, target); }, weights());
  CHECK(difference(through, around) > 0.1);
  // a short step against its gradient gains rate |gradient|^2, to first order in the rate
  const double rate = 1e-4, gain = rate * dot(through, through).item();
  CHECK(loss(weights()).item() - loss(add_scaled(weights(), -rate, through)).item() ==
        Approx(gain).epsilon(0.01));
}

TEST_CASE("the loss of a tailored field has its exact gradient, to second order",
          "[learn][noether]") {
  const Mlp small{{2, 4, 3, 2}}, quantity{{2, 3, 1}};
  const Tensor x = slice(states(), 0, 0, 3), target = test::irregular({3, 2}, -1, 1, 4);
  const Both at(initial_weights(small, 3, DType::f64), initial_quantity_weights(quantity, 1));
  for (const std::string& rule : step_rule_names()) {
    InnerStep step{.rule = step_rule_of(rule), .rate = Tensor::scalar(0.1)};
    if (!keeps_low_rank(step.rule)) continue;
    // its root has large derivatives where the gradient is short
    if (step.rule == StepRule::normalised) step.epsilon = 0.1;
    for (const std::vector<std::string>& names : {{}, last_layer(small), {"W2", "b2"}}) {
      step.weights = names;
      const auto loss = [&](const Both& both) {
        const Field field = tailored_field(small, network_quantity(quantity), both.second, step);
        return field_loss(field, both.first, x, target);
      };
      CAPTURE(rule, names);
      CHECK(test::size_of(grad(loss, at).second) > 1e-3);
      CHECK_NOTHROW(require_gradients(loss, at, {.order = 2, .step = 3e-4}));
    }
  }
}

TEST_CASE("the projected field goes from the plain one to one along the level sets",
          "[learn][noether]") {
  const Tensor x = states(), plain = mlp(weights(), x);
  const auto at = [&](double strength) {
    return projected_field(mlp_field(mlp), energy, {}, Tensor::scalar(strength))(weights(), x);
  };
  CHECK(at(0).to_vector() == plain.to_vector());
  // epsilon = 1e-6 against |grad g|^2, at least 0.1 here
  CHECK(test::size_of(rates(x, at(1))) < 1e-5 * test::size_of(rates(x, plain)));
  CHECK(test::size_of(rates(x, plain)) > 0.5);
  // linear in the strength
  CHECK(difference(at(0.25), plain + scale(at(1) - plain, 0.25)) < 1e-15);
}

TEST_CASE("the field tailored by Gauss-Newton on the last layer is the projected field",
          "[learn][noether]") {
  const Field projected = projected_field(mlp_field(mlp), energy, {}, Tensor::scalar(1), 1e-15);
  const Field tailored =
      tailored_field(mlp, energy, {}, {.weights = last_layer(mlp), .epsilon = 1e-15});
  // the epsilons mean different things, and are small against |grad g|^2 > 0.1
  CHECK(difference(tailored(weights(), states()), projected(weights(), states())) < 1e-13);
}

TEST_CASE("the strength of a projection is learned by its exact derivative", "[learn][noether]") {
  const auto loss = [&](const Tensor& strength) {
    return field_loss(projected_field(mlp_field(mlp), energy, {}, strength), weights(), states(),
                      test::irregular({8, 2}, -1, 1, 4));
  };
  CHECK_NOTHROW(require_gradients(loss, Tensor::scalar(0.4), {.order = 2}));
  CHECK(std::abs(grad(loss, Tensor::scalar(0.4)).item()) > 0.01);
}

TEST_CASE("the field tailored for an Euler map is one whose map conserves g", "[learn][noether]") {
  const double dt = 0.1;
  const auto drift_of_map = [&](const Field& field) {
    const Tensors path = rollout(field, weights(), states(), dt, 60, Stepper::euler);
    return test::size_of(energy({}, path.back()) - energy({}, path.front()));
  };
  const auto tailored = [&](int steps, double map_dt) {
    return tailored_field(mlp, energy, {}, {.steps = steps, .weights = last_layer(mlp)}, map_dt);
  };
  // along the level sets at x, but not where the map arrives
  REQUIRE(drift_of_map(tailored(3, 0)) > 0.1);
  // each step squares what is left
  CHECK(drift_of_map(tailored(1, dt)) < 0.5 * drift_of_map(tailored(3, 0)));
  CHECK(drift_of_map(tailored(3, dt)) < 1e-4);
  // and for a short step it is the field of the flow
  CHECK(difference(tailored(1, 1e-6)(weights(), states()), tailored(1, 0)(weights(), states())) <
        1e-5);
}

TEST_CASE("the last layer is its weights, and its bias where it has one", "[learn][noether]") {
  CHECK(last_layer({{2, 5, 2}}) == std::vector<std::string>{"W2"});
  CHECK(last_layer({{2, 5, 2}, true}) == std::vector<std::string>{"W2", "b2"});
  CHECK_THROWS_AS(tailored_field(mlp, energy, {}, {.weights = {"b3"}})(weights(), states()),
                  base::UsageError);
}

}  // namespace noether::learn
