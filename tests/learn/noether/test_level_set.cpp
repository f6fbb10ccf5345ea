#include "learn/noether/level_set.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/models/vanilla.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

const Mlp mlp{{2, 6, 5, 2}};
const Quantity energy = formula_quantity("p^2 - 3 cos(q)", {"q", "p"});
const Quantity radius = formula_quantity("q^2 + p^2", {"q", "p"});

Params weights() { return initial_weights(mlp, 3, DType::f64); }
Tensor starts() { return test::irregular({8, 2}, -1.5, 1.5); }

double drift(const AfterStep& after_step, Stepper stepper) {
  const Tensors path = rollout(mlp_field(mlp), weights(), starts(), 0.05, 60, stepper, after_step);
  double worst = 0;
  for (const Tensor& x : path)
    worst = std::max(worst, test::size_of(energy({}, x) - energy({}, starts())));
  return worst;
}

}  // namespace

TEST_CASE("a rollout that is put back stays on the level sets of its starts", "[learn][noether]") {
  for (const Stepper stepper : {Stepper::rk4, Stepper::euler}) {
    REQUIRE(drift({}, stepper) > 0.5);
    // lambda is some 0.01 at this step, and each of five iterations leaves about that share
    CHECK(drift(onto_level_set(energy, {}), stepper) < 1e-9);
    CHECK(drift(onto_level_set(energy, {}, 1), stepper) > 1e-6);
  }
}

TEST_CASE("the nearest point of a circle is on the ray to it", "[learn][noether]") {
  const Tensor x0 = starts(), x = scale(x0, 1.1);
  // the error of lambda is multiplied by 1 - |x0| / |x| an iteration, 1 / 11: 20 reach rounding
  CHECK(test::difference(onto_level_set(radius, {}, 20, 0)(x0, x), x0) < 1e-14);
  // and from any angle
  const Tensor elsewhere = test::irregular({8, 2}, 0.9, 1.1), one = ones_like(elsewhere);
  const Tensor there = onto_level_set(radius, {}, 40, 0)(one, elsewhere);
  CHECK(test::size_of(radius({}, there) - 2) < 1e-14);
  const auto p = there.to_vector(), q = elsewhere.to_vector();
  for (std::size_t i = 0; i < p.size(); i += 2)
    CHECK(p[i] * q[i + 1] == Approx(p[i + 1] * q[i]).epsilon(1e-14));
}

TEST_CASE("several laws: a state goes back to where their level sets meet", "[learn][noether]") {
  // a circle about the vertical axis, at the height of the start
  const Quantity laws = joined({formula_quantity("x^2 + y^2", {"x", "y", "z"}),
                                formula_quantity("z + 0.3 x^2", {"x", "y", "z"})});
  const Tensor x0 = test::irregular({8, 3}, 0.5, 1.5), x = x0 + test::irregular({8, 3}, -.1, .1, 2);
  REQUIRE(test::size_of(laws({}, x) - laws({}, x0)) > 0.1);
  // each of the steps leaves a share of some 0.1
  const Tensor back = onto_level_set(laws, {}, 20)(x0, x);
  CHECK(test::size_of(laws({}, back) - laws({}, x0)) < 1e-12);
  // the way back is the one along the gradients at x: across both of them nothing moves
  Tensors n;
  for (std::int64_t j = 0; j < 2; ++j)
    n.push_back(grad([&](const Tensor& at) { return sum(column(laws({}, at), j)); }, x));
  const auto a = n[0].to_vector(), b = n[1].to_vector(), moved = (back - x).to_vector();
  for (std::size_t i = 0; i < a.size(); i += 3) {
    const double across = (a[i + 1] * b[i + 2] - a[i + 2] * b[i + 1]) * moved[i] +
                          (a[i + 2] * b[i] - a[i] * b[i + 2]) * moved[i + 1] +
                          (a[i] * b[i + 1] - a[i + 1] * b[i]) * moved[i + 2];
    CHECK(std::abs(across) < 1e-13);
  }
}

TEST_CASE("several laws: a step that leads away is halved until it does not", "[learn][noether]") {
  // y^3 is so flat at the state that a whole Newton step from .1 towards 1 ends at 33
  const Quantity laws =
      joined({formula_quantity("y^3", {"y", "z"}), formula_quantity("z", {"y", "z"})});
  const Tensor x0 = Tensor::from({1, 0}, {1, 2}), x = Tensor::from({0.1, 0}, {1, 2});
  // the longest that leads nearer near y = 1 is .02 of it, so 1 / 64, which leaves .56 of the error
  const Tensor back = onto_level_set(laws, {}, 80, 1e-9)(x0, x);
  CHECK(test::size_of(laws({}, back) - laws({}, x0)) < 1e-12);
}

TEST_CASE("a state on its level set stays where it is", "[learn][noether]") {
  const Tensor x = starts();
  CHECK(onto_level_set(energy, {})(x, x).to_vector() == x.to_vector());
  // so does one where g has no slope
  const Tensor rest = Tensor::from({0, 0}, {1, 2}), off = Tensor::from({0.1, 0}, {1, 2});
  CHECK(onto_level_set(energy, {})(off, rest).to_vector() == rest.to_vector());
}

}  // namespace noether::learn
