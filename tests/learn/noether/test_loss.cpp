#include "learn/noether/loss.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/inner_step.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

const std::vector<std::string> coordinates{"q", "p"};

// f = (p, -q)
Tensor rotation(const Tensor& x) {
  return concat(Tensors{slice(x, 1, 1, 2), neg(slice(x, 1, 0, 1))}, 1);
}

// The pendulum with H = p^2 - 2.4 cos q: q' = 2 p, p' = -2.4 sin q, as weights [2, 3] of (q, p,
// sin q), so that it is a model which the truth is among.
const Quantity energy = formula_quantity("p^2 - 2.4 cos(q)", coordinates);
const Params truth{{"W", Tensor::from({0, 2, 0, 0, 0, -2.4}, {2, 3})}};
Tensor pendulum(const Params& theta, const Tensor& x) {
  return matmul(concat(Tensors{x, sin(slice(x, 1, 0, 1))}, 1), theta["W"], false, true);
}
Tensor true_field(const Tensor& x) { return pendulum(truth, x); }

Tensor states() { return test::irregular({6, 2}, 0.4, 1.4); }

Tensor residual(Form form, double dt, const Quantity& g, const Predict& f, int steps = 1) {
  return residuals({form, dt, steps}, g, states())({}, f);
}

}  // namespace

// From (1, 2) two steps of 0.1 lead to (1.2, 1.9) and (1.39, 1.78); the last bits of the squares
// and differences are off by some 2^-53.
TEST_CASE("every form has its value on a field worked out by hand", "[learn][noether]") {
  const Tensor x0 = Tensor::from({1, 2}, {1, 2});
  const Tensors walk = euler_rollout(rotation, x0, 0.1, 2);
  REQUIRE(walk.size() == 2);
  CHECK(test::difference(walk[0], Tensor::from({1.2, 1.9}, {1, 2})) < 1e-15);
  CHECK(test::difference(walk[1], Tensor::from({1.39, 1.78}, {1, 2})) < 1e-15);
  const auto of = [&](Form form, const std::string& g) {
    return residuals({form, 0.1, 2}, formula_quantity(g, coordinates), x0)({}, rotation);
  };
  const auto is = [](const Tensor& r, std::initializer_list<double> expected) {
    const auto n = static_cast<std::int64_t>(expected.size());
    return test::difference(r, Tensor::from(expected, {1, n})) < 2e-15;
  };
  CHECK(is(of(Form::anchored, "q^2"), {1.44 - 1, 1.9321 - 1}));
  CHECK(is(of(Form::previous, "q^2"), {1.44 - 1, 1.9321 - 1.44}));
  CHECK(is(of(Form::tangent, "q^2"), {0.1 * 2 * 2}));
  CHECK(is(of(Form::finite_difference, "q^2"), {1.44 - 1}));
  CHECK(is(of(Form::tangent, "q^2 + p^2"), {0}));
  CHECK(is(of(Form::finite_difference, "q^2 + p^2"), {0.05}));
}

TEST_CASE("a quantity of several components has residuals for each at every time",
          "[learn][noether]") {
  const Quantity both = [](const Params&, const Tensor& x) { return square(x); };
  CHECK(residual(Form::anchored, 0.1, both, rotation, 3).shape() == Shape{6, 6});
  CHECK(residual(Form::tangent, 0.1, both, rotation, 3).shape() == Shape{6, 2});
  CHECK(residual(Form::finite_difference, 0.1, both, rotation, 3).shape() == Shape{6, 2});
}

TEST_CASE("anchored and previous agree for one step, and differ for two", "[learn][noether]") {
  const auto at = [&](Form form, int steps) {
    return residual(form, 0.1, energy, rotation, steps).to_vector();
  };
  CHECK(at(Form::anchored, 1) == at(Form::previous, 1));
  CHECK(at(Form::anchored, 1) == at(Form::finite_difference, 2));
  CHECK(at(Form::anchored, 2) != at(Form::previous, 2));
}

TEST_CASE("names of forms are those of the documentation", "[learn][noether]") {
  CHECK(form_of("anchored") == Form::anchored);
  CHECK(form_of("previous") == Form::previous);
  CHECK(form_of("tangent") == Form::tangent);
  CHECK(form_of("finite-difference") == Form::finite_difference);
  CHECK(test::message_of<base::UsageError>([] { form_of("literal"); }) ==
        "no Noether loss is called 'literal'; "
        "there are anchored, previous, tangent and finite-difference");
}

// r_fd / dt - r_tangent / dt = dt / 2 f' Hess(g) f + O(dt^2)
TEST_CASE("the tangent form is the limit of finite differences, to first order",
          "[learn][noether]") {
  const auto apart = [&](double dt) {
    return test::size_of(scale(residual(Form::finite_difference, dt, energy, rotation) -
                                   residual(Form::tangent, dt, energy, rotation),
                               1 / dt));
  };
  REQUIRE(test::size_of(residual(Form::tangent, 1, energy, rotation)) > 0.1);
  for (const double dt : {1e-2, 1e-3}) {
    // the next order makes the halves differ from two by about dt
    CHECK(apart(dt) / apart(dt / 2) == Approx(2).margin(2 * dt));
  }
}

TEST_CASE("the literal finite difference penalises the true field, the tangent form does not",
          "[learn][noether]") {
  const double dt = 1e-3;
  const Tensor tangent = residual(Form::tangent, dt, energy, true_field);
  const Tensor literal = residual(Form::finite_difference, dt, energy, true_field);
  // 4.8 p sin q - 4.8 p sin q, times dt
  CHECK(test::size_of(tangent) < dt * 1e-15);
  const auto x = states().to_vector();
  for (std::size_t i = 0; i < 6; ++i) {
    const double q = x[2 * i], p = x[2 * i + 1];
    const double fq = 2 * p, fp = -2.4 * std::sin(q);
    const double bias = dt * dt / 2 * (2.4 * std::cos(q) * fq * fq + 2 * fp * fp);
    const double loss = std::pow(literal.to_vector()[i], 2);
    CHECK(loss > 1e-12);
    // the third derivative of g is at most 2.4 |f|^3: dt / 3 of that against the second, which is
    // of order one, twice for the square
    CHECK(loss == Approx(bias * bias).epsilon(20 * dt));
  }
}

TEST_CASE("an inner step by the literal finite difference makes the true field worse",
          "[learn][noether]") {
  for (const StepRule rule : {StepRule::sgd, StepRule::polyak, StepRule::gauss_newton}) {
    const auto error_after = [&](Form form) {
      const Params moved = tailor(
          [&](const Params& at) {
            return residual(form, 0.1, energy, [&](const Tensor& x) { return pendulum(at, x); });
          },
          truth, {.rule = rule, .rate = Tensor::scalar(1)});
      return test::size_of(pendulum(moved, states()) - true_field(states()));
    };
    CAPTURE(static_cast<int>(rule));
    CHECK(error_after(Form::finite_difference) > 1e-3);
    // residuals are rounding; the step of Gauss-Newton divides them by |grad r|, here about 0.1
    CHECK(error_after(Form::tangent) < 1e-14);
  }
}

}  // namespace noether::learn
