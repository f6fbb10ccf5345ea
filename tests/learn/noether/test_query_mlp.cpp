#include "learn/noether/query_mlp.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/pretrain.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

using test::difference;
using Both = std::pair<Params, Params>;
using Names = std::vector<std::string>;

// A few queries, their network, and a network quantity of one or two components.
struct Problem {
  Mlp mlp{{2, 5, 4, 2}};
  Mlp quantity{{2, 4, 1}};
  NoetherLoss loss{Form::tangent, 0.3, 3};
  InnerStep step{};
  Tensor x = test::irregular({3, 2}, -1.2, 1.2);

  Params theta() const { return initial_weights(mlp, 5, DType::f64); }
  // the weights of g, and the rate, which is learned like them
  Params phi() const {
    Params made = initial_quantity_weights(quantity, 6);
    made.add("rate", Tensor::scalar(0.2));
    return made;
  }
  InnerStep step_with(const Params& at) const {
    InnerStep made = step;
    made.rate = at["rate"];
    return made;
  }
  Residuals residuals_at(const Tensor& at) const {
    return residuals(loss, network_quantity(quantity), at);
  }
  // Predicts at the query and beyond it, so that the weights matter at other inputs too.
  Tensor predicted(const Predict& f, const Tensor& at) const {
    return concat(euler_rollout(f, at, loss.dt, 2), 1);
  }

  // every query by itself with dense weights
  Params dense_weights(const Params& from, const Params& g, const Tensor& query) const {
    return tailor(
        [&](const Params& at) {
          return residuals_at(query)(g, [&](const Tensor& state) { return mlp(at, state); });
        },
        from, step_with(g));
  }
  Tensor dense(const Both& at) const {
    Tensors rows;
    for (std::int64_t i = 0; i < x.shape()[0]; ++i) {
      const Tensor query = slice(x, 0, i, i + 1);
      const Params own = dense_weights(at.first, at.second, query);
      rows.push_back(predicted([&](const Tensor& state) { return mlp(own, state); }, query));
    }
    return concat(rows, 0);
  }
  // all queries at once with updates of low rank
  QueryMlp low_rank_weights(const Both& at) const {
    return QueryMlp(mlp, at.first).tailored(residuals_at(x), at.second, step_with(at.second));
  }
  Tensor low_rank(const Both& at) const { return predicted(low_rank_weights(at), x); }
};

Tensor error(const Tensor& predicted) { return sum(square(predicted - 0.5)); }

// The predictions, the weights and the meta-gradient of both, to 1e-12: the same expressions in
// another order, some hundred roundings of values of order one.
void check_equal(const Problem& problem) {
  const Both at(problem.theta(), problem.phi());
  const auto dense = value_and_grad([&](const Both& b) { return error(problem.dense(b)); }, at);
  const auto low_rank =
      value_and_grad([&](const Both& b) { return error(problem.low_rank(b)); }, at);
  CHECK(difference(problem.low_rank(at), problem.dense(at)) < 1e-12);
  CHECK(difference(low_rank.grad, dense.grad) < 1e-12);
  CHECK(test::size_of(dense.grad.second) > 1e-4);
  const QueryMlp tailored = problem.low_rank_weights(at);
  for (std::int64_t i = 0; i < problem.x.shape()[0]; ++i) {
    const Params own = problem.dense_weights(at.first, at.second, slice(problem.x, 0, i, i + 1));
    CHECK(difference(tailored.weights_of(i), own) < 1e-12);
    CHECK(difference(own, at.first) > 1e-5);
  }
}

void check_all_of(Form form, int components) {
  Problem problem;
  problem.loss.form = form;
  problem.quantity.widths.back() = components;
  for (const bool bias : {false, true}) {
    problem.mlp.output_bias = bias;
    for (const Names& names :
         {Names{}, bias ? Names{"W3", "b3"} : Names{"W3"}, Names{"W2"}, Names{"b1", "W3"}}) {
      problem.step.weights = names;
      for (const StepRule rule : {StepRule::sgd, StepRule::polyak, StepRule::gauss_newton,
                                  StepRule::least_norm, StepRule::normalised}) {
        problem.step.rule = rule;
        for (const int steps : {1, 3}) {
          problem.step.steps = steps;
          // several steps of Gauss-Newton would end where the residuals are nearly zero and their
          // direction is rounding, and least-norm magnifies rounding where the gradients of the
          // residuals are nearly parallel; this holds them back
          problem.step.epsilon = steps == 1 && rule != StepRule::least_norm ? 1e-6 : 0.5;
          CAPTURE(static_cast<int>(form), components, bias, names, static_cast<int>(rule), steps);
          check_equal(problem);
        }
      }
    }
  }
}

// Queries in a batch wide enough for the vectorised products, with weights of two passages.
struct Batch {
  explicit Batch(DType type, Form form = Form::previous) : dtype(type), loss{form, 0.2, 2} {}
  Tensor predicted(const Tensor& x) const {
    const Residuals of = residuals(loss, formula_quantity("p^2 - 2.4 cos(q)", {"q", "p"}), x);
    const QueryMlp tailored =
        QueryMlp(mlp, initial_weights(mlp, 1, dtype)).tailored(of, {}, {.steps = 2});
    return concat(euler_rollout(tailored, x, loss.dt, 2), 1);
  }
  DType dtype;
  NoetherLoss loss;
  Mlp mlp{{2, 32, 32, 2}};
};

}  // namespace

TEST_CASE("low rank is equal to dense weights: anchored", "[learn][noether]") {
  check_all_of(Form::anchored, 1);
}
TEST_CASE("low rank is equal to dense weights: anchored, two components", "[learn][noether]") {
  check_all_of(Form::anchored, 2);
}
TEST_CASE("low rank is equal to dense weights: previous", "[learn][noether]") {
  check_all_of(Form::previous, 1);
}
TEST_CASE("low rank is equal to dense weights: previous, two components", "[learn][noether]") {
  check_all_of(Form::previous, 2);
}
TEST_CASE("low rank is equal to dense weights: tangent", "[learn][noether]") {
  check_all_of(Form::tangent, 1);
}
TEST_CASE("low rank is equal to dense weights: tangent, two components", "[learn][noether]") {
  check_all_of(Form::tangent, 2);
}
TEST_CASE("low rank is equal to dense weights: finite difference", "[learn][noether]") {
  check_all_of(Form::finite_difference, 1);
}
TEST_CASE("low rank is equal to dense weights: finite difference, two components",
          "[learn][noether]") {
  check_all_of(Form::finite_difference, 2);
}

TEST_CASE("a query that is disturbed leaves the bits of all others", "[learn][noether]") {
  for (const DType dtype : {DType::f32, DType::f64}) {
    for (const std::int64_t n : {5, 300}) {
      for (const Form form : {Form::previous, Form::tangent}) {
        const Batch batch(dtype, form);
        const Tensor x = cast(test::irregular({n, 2}, -1.5, 1.5), dtype);
        Tensor bump = Tensor::from({0.1, -0.2}, {1, 2}, dtype);
        const Tensor disturbed = x + pad(bump, 0, 3, n - 4);
        const auto before = batch.predicted(x).to_vector();
        const auto after = batch.predicted(disturbed).to_vector();
        const auto row = [&](const std::vector<double>& all, std::int64_t i) {
          return std::vector<double>(all.begin() + 4 * i, all.begin() + 4 * (i + 1));
        };
        CAPTURE(to_string(dtype), n);
        CHECK(row(after, 3) != row(before, 3));
        for (std::int64_t i = 0; i < n; ++i) {
          if (i != 3) CHECK(row(after, i) == row(before, i));
        }
      }
    }
  }
}

TEST_CASE("a query alone is predicted as among others", "[learn][noether]") {
  const Batch batch(DType::f64);
  const Tensor x = test::irregular({300, 2}, -1.5, 1.5);
  const Tensor all = batch.predicted(x);
  for (const std::int64_t i : {0, 1, 7, 150, 298, 299}) {
    // products of one row may add in another order: rounding of values of order one
    CHECK(difference(batch.predicted(slice(x, 0, i, i + 1)), slice(all, 0, i, i + 1)) < 1e-13);
  }
  CHECK(difference(batch.predicted(slice(x, 0, 100, 137)), slice(all, 0, 100, 137)) < 1e-13);
}

TEST_CASE("layers in front that never move need to be passed only once", "[learn][noether]") {
  const Problem problem;
  const Quantity g = network_quantity(problem.quantity);
  for (const auto& [first, names] :
       {std::pair<int, Names>{2, {"W2", "b2", "W3"}}, {2, {"b2"}}, {3, {"W3"}}}) {
    const InnerStep step{.steps = 2, .weights = names};
    const auto predicted = [&, first = first](const Both& at, int from) {
      Tensor h = problem.x;
      for (int layer = 1; layer < from; ++layer) {
        h = tanh(apply_layer(problem.mlp, at.first, layer, h));
      }
      const Residuals tangent = [&](const Params& phi, const Predict& f) {
        return rate_of_change(g, phi, problem.x, f(h));
      };
      return QueryMlp(problem.mlp, at.first, from).tailored(tangent, at.second, step)(h);
    };
    const Both at(problem.theta(), problem.phi());
    const auto whole = value_and_grad([&](const Both& b) { return error(predicted(b, 1)); }, at);
    const auto part = value_and_grad(
        [&, first = first](const Both& b) { return error(predicted(b, first)); }, at);
    CAPTURE(first, names);
    // the same sums of a few dozen terms, in another order
    CHECK(difference(predicted(at, first), predicted(at, 1)) < 1e-14);
    CHECK(difference(part.grad, whole.grad) < 1e-13);
    CHECK(difference(predicted(at, 1), problem.mlp(at.first, problem.x)) > 1e-3);
  }
}

TEST_CASE("adam, whose steps have no low rank, is refused", "[learn][noether]") {
  const Problem problem;
  const InnerStep step{.rule = StepRule::adam, .rate = Tensor::scalar(0.1)};
  CHECK_THROWS_WITH(
      QueryMlp(problem.mlp, problem.theta())
          .tailored(problem.residuals_at(problem.x), problem.phi(), step),
      Catch::StartsWith("an inner step of the rule adam gives every single weight a length"));
}

TEST_CASE("without a step all queries have the shared weights", "[learn][noether]") {
  const Problem problem;
  const QueryMlp plain(problem.mlp, problem.theta());
  CHECK(plain(problem.x).to_vector() == problem.mlp(problem.theta(), problem.x).to_vector());
  CHECK(difference(plain.weights_of(1), problem.theta()) == 0);
}

}  // namespace noether::learn
