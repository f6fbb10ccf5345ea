#include "learn/noether/level_set.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/ops.h"
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

TEST_CASE("a state on its level set stays where it is", "[learn][noether]") {
  const Tensor x = starts();
  CHECK(onto_level_set(energy, {})(x, x).to_vector() == x.to_vector());
  // so does one where g has no slope
  const Tensor rest = Tensor::from({0, 0}, {1, 2}), off = Tensor::from({0.1, 0}, {1, 2});
  CHECK(onto_level_set(energy, {})(off, rest).to_vector() == rest.to_vector());
}

}  // namespace noether::learn
