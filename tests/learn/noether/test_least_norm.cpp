// The inner step that removes several residuals at once, and what fields it makes.

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/models/vanilla.h"
#include "learn/noether/multipliers.h"
#include "learn/noether/tailored_field.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

using test::difference;
using test::size_of;

const Mlp mlp{{4, 6, 5, 4}};

Quantity formula(const std::string& text) {
  return formula_quantity(text, {"q1", "q2", "p1", "p2"});
}
// energy, angular momentum and the energy of one direction of an isotropic oscillator
const Quantity energy = formula("q1^2 + q2^2 + p1^2 + p2^2");
const Quantity turning = formula("q1 p2 - q2 p1");
const Quantity part = formula("q1^2 + p1^2");
const Quantity two = joined({energy, turning}), three = joined({energy, turning, part});

Params weights() { return initial_weights(mlp, 3, DType::f64); }
Tensor states() { return test::irregular({8, 4}, -1.5, 1.5); }

// epsilon is far below the squared gradients, of order one
const InnerStep least{.rule = StepRule::least_norm, .weights = last_layer(mlp), .epsilon = 1e-15};

Tensor field_of(const Quantity& g, const InnerStep& by = least) {
  return tailored_field(mlp, g, {}, by)(weights(), states());
}
Tensor rates(const Quantity& g, const Tensor& f) { return rate_of_change(g, {}, states(), f); }

// f without its part in the span of the gradients, by Gram and Schmidt
Tensor projected(const std::vector<Quantity>& laws) {
  Tensor f = mlp(weights(), states());
  Tensors basis;
  for (const Quantity& g : laws) {
    Tensor n = grad([&](const Tensor& at) { return sum(g({}, at)); }, states());
    for (const Tensor& b : basis) n = n - scale_rows(b, row_dot(b, n));
    basis.push_back(scale_rows(n, power(row_dot(n, n), -0.5)));
    f = f - scale_rows(basis.back(), row_dot(basis.back(), f));
  }
  return f;
}

// q' = p, p' = -q: along the level sets of all three
Tensor motion() {
  const Tensor x = states();
  return concat(Tensors{slice(x, 1, 2, 4), neg(slice(x, 1, 0, 2))}, 1);
}

}  // namespace

TEST_CASE("multipliers solve their systems", "[learn][noether]") {
  // A = B B' of each of five queries
  const Tensor B = test::irregular({5, 3, 4}, -1, 1), r = test::irregular({5, 3}, -1, 1, 2);
  const auto row = [&](std::int64_t j) { return reshape(slice(B, 1, j, j + 1), {5, 4}); };
  const double epsilon = 0.1;
  std::vector<Tensors> gram;
  for (std::int64_t i = 0; i < 3; ++i) {
    gram.emplace_back();
    for (std::int64_t j = 0; j <= i; ++j) gram.back().push_back(row_dot(row(i), row(j)));
  }
  const Tensor lambda = multipliers(gram, r, epsilon);
  for (std::int64_t i = 0; i < 3; ++i) {
    const auto column = [&](const Tensor& x, std::int64_t j) { return slice(x, 1, j, j + 1); };
    Tensor left = scale(column(lambda, i), epsilon);
    for (std::int64_t j = 0; j < 3; ++j) {
      const Tensor A = row_dot(row(i), row(j));
      left = left + scale(A, i == j ? 1 + epsilon : 1) * column(lambda, j);
    }
    // some ten roundings of values of order one
    CHECK(size_of(left - column(r, i)) < 1e-14);
  }
  CHECK(size_of(lambda) > 0.1);
}

TEST_CASE("a least-norm step on the last layer projects onto the level sets of all laws",
          "[learn][noether]") {
  const Tensor plain = mlp(weights(), states());
  REQUIRE(size_of(rates(three, plain)) > 0.5);
  // gradients that span little multiply the rounding of their products
  CHECK(difference(field_of(two), projected({energy, turning})) < 1e-10);
  CHECK(difference(field_of(three), projected({energy, turning, part})) < 1e-10);
  CHECK(size_of(rates(three, field_of(three))) < 1e-10);
  // along the sum of squared residuals a step of that length leaves some
  InnerStep one_way = least;
  one_way.rule = StepRule::gauss_newton;
  CHECK(size_of(rates(two, field_of(two, one_way))) > 0.1);
}

TEST_CASE("for one residual the least-norm step is Gauss-Newton's to the last bit",
          "[learn][noether]") {
  InnerStep newton = least;
  newton.rule = StepRule::gauss_newton;
  CHECK(field_of(energy).to_vector() == field_of(energy, newton).to_vector());
  const ResidualsOf r = [](const Params& at) {
    return slice(rates(energy, mlp(at, states())), 0, 2, 3);
  };
  CHECK(difference(tailor(r, weights(), least), tailor(r, weights(), newton)) == 0);
}

TEST_CASE("a law that is given twice, or in another unit, counts once", "[learn][noether]") {
  InnerStep usual = least;
  usual.epsilon = InnerStep{}.epsilon;
  const Tensor once = field_of(energy, usual);
  for (const std::string again : {"q1^2 + q2^2 + p1^2 + p2^2", "100 (q1^2 + q2^2 + p1^2 + p2^2)"}) {
    // epsilon, against |grad r|^2 of order one
    CHECK(difference(field_of(joined({energy, formula(again)}), usual), once) < 1e-5);
  }
  const Quantity scaled = joined({energy, formula("100 (q1 p2 - q2 p1)")});
  CHECK(difference(field_of(scaled, usual), field_of(two, usual)) < 1e-4);
  // in float32 the elimination rounds by 1e-7 and epsilon holds it back
  const auto rough = [&](const Quantity& g) {
    return tailored_field(mlp, g, {}, usual)(cast(weights(), DType::f32),
                                             cast(states(), DType::f32));
  };
  CHECK(difference(rough(joined({energy, energy})), rough(energy)) < 1e-3);
}

TEST_CASE("several laws: for motion along all level sets first order is the exact gradient",
          "[learn][noether]") {
  REQUIRE(size_of(rates(three, motion())) < 1e-14);
  const auto gradient = [&](auto field_of) {
    const Field field = field_of(mlp, three, Params{}, least, 0);
    return grad([&](const Params& at) { return field_loss(field, at, states(), motion()); },
                weights());
  };
  CHECK(difference(gradient(first_order_tailored_field), gradient(tailored_field)) < 1e-10);
  CHECK(size_of(gradient(tailored_field)) > 0.01);
}

TEST_CASE("quantities side by side are components of one", "[learn][noether]") {
  const Tensor values = three({}, states());
  REQUIRE(values.shape() == Shape{8, 3});
  CHECK(slice(values, 1, 1, 2).to_vector() == turning({}, states()).to_vector());
  CHECK_THROWS_WITH(joined({}), "there are no quantities to join");
}

}  // namespace noether::learn
