#include "learn/noether/inner_step.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/query_mlp.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"
#include "tests/learn/noether/small_network.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

using namespace test::small_network;
using test::difference;

// f of each query under weights of its own, made by the plain function `tailor`
Tensor tailored_predictions(const std::string& formula, const InnerStep& step) {
  Tensors rows;
  for (std::int64_t i = 0; i < 7; ++i) {
    const Tensor x = slice(queries(), 0, i, i + 1);
    rows.push_back(mlp(tailor(tangent_of(formula, x), weights(), step), x));
  }
  return concat(rows, 0);
}

}  // namespace

TEST_CASE("a Gauss-Newton step on the last layer projects onto the level sets",
          "[learn][noether]") {
  const Tensor x = queries(), f = mlp(weights(), x);
  const Quantity g = formula_quantity(energy, coordinates);
  const Tensor n = grad([&](const Tensor& at) { return sum(g({}, at)); }, x);
  Tensor a = x;
  for (const int layer : {1, 2}) a = tanh(apply_layer(mlp, weights(), layer, a));
  const Tensor a2 = row_dot(a, a);
  for (const double epsilon : {1e-6, 0.1}) {
    const Tensor share = row_dot(n, f) * a2 / (row_dot(n, n) * a2 + epsilon);
    const Tensor projected = f - scale_rows(n, share);
    // the two differ in the order of a dozen roundings
    CHECK(difference(tailored_predictions(energy, {.weights = {"W3"}, .epsilon = epsilon}),
                     projected) < 1e-12);
    CHECK(difference(f, projected) > 0.1);
  }
}

TEST_CASE("a Gauss-Newton step takes a linear residual to zero, Polyak's takes half of it",
          "[learn][noether]") {
  const Tensor x = slice(queries(), 0, 0, 1);
  const ResidualsOf r = tangent_of(energy, x);
  const double before = r(weights()).item();
  REQUIRE(std::abs(before) > 0.1);
  for (const auto& [rule, left] :
       {std::pair{StepRule::gauss_newton, 0.0}, {StepRule::polyak, 0.5}}) {
    const Params moved = tailor(r, weights(), {.rule = rule, .weights = {"W3"}, .epsilon = 1e-14});
    // epsilon against |grad r|^2, which is of order one
    CHECK(r(moved).item() / before == Approx(left).margin(1e-12));
  }
}

TEST_CASE("Polyak's step is half of Gauss-Newton's", "[learn][noether]") {
  const Tensor x = slice(queries(), 0, 1, 2);
  for (const ResidualsOf& r :
       {tangent_of(energy, x), tangent_of(energy, queries()), rollout_of(Form::previous, x)}) {
    const Params whole = tailor(r, weights(), {.rule = StepRule::gauss_newton});
    const Params half = tailor(r, weights(), {.rule = StepRule::polyak});
    // one rounding of a sum of order one
    CHECK(difference(half, add_scaled(weights(), 0.5, add_scaled(whole, -1, weights()))) < 1e-15);
    CHECK(difference(half, weights()) > 1e-3);
  }
}

TEST_CASE("Gauss-Newton sees the level sets of g and not its values", "[learn][noether]") {
  const InnerStep step{.epsilon = 1e-14};
  const Tensor plain = tailored_predictions(energy, step);
  REQUIRE(difference(plain, mlp(weights(), queries())) > 0.1);
  for (const std::string& monotone : {"exp(" + energy + ")", energy + "^3 + " + energy}) {
    CAPTURE(monotone);
    // epsilon against the least |grad r|^2: where exp(g) is flat, with g = -2.4, that is some 1e-3
    CHECK(difference(tailored_predictions(monotone, step), plain) < 1e-10);
    // a step of plain gradient descent does depend on the values
    const InnerStep sgd{.rule = StepRule::sgd, .rate = Tensor::scalar(0.01)};
    CHECK(difference(tailored_predictions(monotone, sgd), tailored_predictions(energy, sgd)) >
          1e-3);
  }
}

TEST_CASE("an sgd step is the rate times the gradient of the loss", "[learn][noether]") {
  const Tensor x = slice(queries(), 0, 2, 3);
  const InnerStep step{
      .rule = StepRule::sgd, .rate = Tensor::scalar(0.05), .weights = {"W1", "b2"}};
  for (const ResidualsOf& r : {tangent_of(energy, x), rollout_of(Form::anchored, x)}) {
    const Params slope =
        grad([&](const Params& theta) { return sum(square(r(theta))); }, weights());
    Params expected = weights();
    for (const std::string name : {"W1", "b2"}) {
      expected = expected.with(name, expected[name] - 0.05 * slope[name]);
    }
    // one rounding apart
    CHECK(difference(tailor(r, weights(), step), expected) < 1e-14);
    CHECK(difference(weights(), expected) > 1e-3);
  }
}

TEST_CASE("the rate of an sgd step is learned by its exact derivative", "[learn][noether]") {
  const Tensor x = slice(queries(), 0, 3, 4);
  for (const int steps : {1, 3}) {
    for (const ResidualsOf& r : {tangent_of(energy, x), rollout_of(Form::previous, x)}) {
      const auto error = [&](const Tensor& rate) {
        const InnerStep step{.rule = StepRule::sgd, .rate = rate, .steps = steps};
        return sum(square(mlp(tailor(r, weights(), step), x) - 1));
      };
      const Tensor rate = Tensor::scalar(0.01);
      CHECK(std::abs(grad(error, rate).item()) > 1e-2);
      // a polynomial of high degree in the rate: truncation, step^4, needs a short step
      CHECK_NOTHROW(require_gradients(error, rate, {.order = 2, .step = 5e-5}));
    }
  }
}

TEST_CASE("rows tailored in one graph are the rows tailored one by one", "[learn][noether]") {
  const Tensor x = queries();
  // every query has a slope and an offset of its own: f = w x + c
  const Params shared{{"w", test::irregular({2}, -1, 1)}, {"c", test::irregular({2}, -1, 1, 1)}};
  const auto residual = [](const Tensor& at, const Tensor& w, const Tensor& c) {
    return row_dot(at, at * w + c) + sin(slice(c, 1, 0, 1));
  };
  for (const std::string& name : step_rule_names()) {
    const InnerStep step{
        .rule = step_rule_of(name), .rate = Tensor::scalar(0.1), .steps = 2, .epsilon = 0.1};
    InnerStep by_query = step;
    by_query.by_query = true;
    CAPTURE(name);
    const Params all = tailor(
        [&](const Params& at) { return residual(x, at["w"], at["c"]); },
        map(shared, [&](const Tensor& value) { return broadcast_to(value, x.shape()); }), by_query);
    for (std::int64_t i = 0; i < 7; ++i) {
      const Tensor row = slice(x, 0, i, i + 1);
      const Params one = tailor(
          [&](const Params& at) {
            return residual(row, reshape(at["w"], {1, 2}), reshape(at["c"], {1, 2}));
          },
          shared, step);
      // the same operations; sums over two values may be taken in another order
      CHECK(
          difference(map(all, [&](const Tensor& v) { return reshape(slice(v, 0, i, i + 1), {2}); }),
                     one) < 1e-14);
    }
    CHECK(difference(slice(all["w"], 0, 0, 1), slice(all["w"], 0, 1, 2)) > 1e-3);
    CHECK_NOTHROW(require_gradients(
        [&](const Params& from) {
          return sum(square(
              tailor([&](const Params& at) { return residual(x, at["w"], at["c"]); },
                     map(from, [&](const Tensor& value) { return broadcast_to(value, x.shape()); }),
                     by_query)["w"]));
        },
        shared, {.order = 2, .step = 1e-4}));
  }
}

TEST_CASE("a Polyak step goes its share of the way to its target, and stays where it is reached",
          "[learn][noether]") {
  // L = (3 w)^2 for one residual; the same as two residuals (3 w, 0)
  const auto moved = [](double w, const InnerStep& step, bool is_padded) {
    return tailor(
               [&](const Params& at) {
                 const Tensor r = reshape(scale(at["w"], 3), {1, 1});
                 return is_padded ? pad(r, 1, 0, 1) : r;
               },
               {{"w", Tensor::scalar(w)}}, step)["w"]
        .item();
  };
  for (const bool is_padded : {false, true}) {
    const InnerStep step{
        .rule = StepRule::polyak, .epsilon = 0, .share = 0.2, .target = 9, .by_query = false};
    // w = 2: L = 36, its slope 36, (36 - 9) / 36 of the way
    CHECK(moved(2, step, is_padded) == Approx(2 - 0.2 * 0.75).epsilon(1e-14));
    CHECK(moved(0.9, step, is_padded) == 0.9);
    CHECK(moved(0, step, is_padded) == 0);
    const InnerStep half{.rule = StepRule::polyak, .epsilon = 0};
    CHECK(moved(2, half, is_padded) == Approx(1).epsilon(1e-14));
  }
}

TEST_CASE("an inner step that cannot be made says why", "[learn][noether]") {
  const ResidualsOf r = tangent_of(energy, queries());
  CHECK(test::message_of<base::UsageError>([] { step_rule_of("newton"); }) ==
        "no inner step is called 'newton'; there are sgd, polyak, gauss-newton, least-norm, "
        "normalised and adam");
  CHECK(step_rule_of("gauss-newton") == StepRule::gauss_newton);
  REQUIRE(step_rule_names().size() == 6);
  for (const std::string& name : step_rule_names()) CHECK(to_string(step_rule_of(name)) == name);
  const std::string nothing = "the inner step moves no weights";
  const InnerStep none{.weights = {"W9"}};
  CHECK(test::message_of<base::UsageError>([&] { tailor(r, weights(), none); }) == nothing);
  const Residuals of = residuals({}, formula_quantity(energy, coordinates), queries());
  CHECK(test::message_of<base::UsageError>(
            [&] { QueryMlp(mlp, weights()).tailored(of, {}, none); }) == nothing);
  for (const std::string& name : step_rule_names()) {
    const InnerStep without{.rule = step_rule_of(name)};
    if (!has_rate(without.rule)) {
      CHECK_NOTHROW(tailor(r, weights(), without));
      continue;
    }
    CHECK(test::message_of<base::UsageError>([&] { tailor(r, weights(), without); }) ==
          "an inner step of the rule " + name + " needs a rate");
  }
}

// f_q is exactly zero, so g = q is conserved exactly; D = 0 as well where there are several
// residuals, and the factor is 0 / 0 but for the guard.
TEST_CASE("a residual of exactly zero moves nothing and has finite meta-gradients",
          "[learn][noether]") {
  for (const DType dtype : {DType::f32, DType::f64}) {
    Params theta = cast(weights(), dtype);
    theta = theta.with(
        "W3", concat(Tensors{Tensor::full({1, 5}, 0, dtype), slice(theta["W3"], 0, 1, 2)}, 0));
    const Tensor x = cast(queries(), dtype);
    const Quantity g = formula_quantity("q", coordinates);
    for (const Form form : {Form::tangent, Form::anchored, Form::previous}) {
      for (const StepRule rule : {StepRule::polyak, StepRule::gauss_newton, StepRule::least_norm,
                                  StepRule::normalised, StepRule::adam}) {
        const Residuals of = residuals({form, 0.2, 3}, g, x);
        const InnerStep step{.rule = rule, .rate = Tensor::scalar(0.1, dtype)};
        CAPTURE(to_string(dtype), static_cast<int>(form), static_cast<int>(rule));
        const auto by_query = [&](const Params& at) {
          return sum(square(QueryMlp(mlp, at).tailored(of, {}, step)(x) - 1));
        };
        const auto together = [&](const Params& at) {
          const ResidualsOf r = [&](const Params& inner) {
            return of({}, [&](const Tensor& state) { return mlp(inner, state); });
          };
          return sum(square(mlp(tailor(r, at, step), x) - 1));
        };
        REQUIRE(test::size_of(of({}, [&](const Tensor& at) { return mlp(theta, at); })) == 0);
        const Tensor untouched = sum(square(mlp(theta, x) - 1));
        if (keeps_low_rank(rule)) {
          CHECK(by_query(theta).item() == untouched.item());
          CHECK(test::is_finite(grad(by_query, theta)));
        }
        CHECK(together(theta).item() == untouched.item());
        CHECK(test::is_finite(grad(together, theta)));
        CHECK(test::size_of(grad(together, theta)) > 0.1);
      }
    }
  }
}

}  // namespace noether::learn
