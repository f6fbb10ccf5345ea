#include "learn/noether/meta_gradient.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/inner_step.h"
#include "learn/noether/pretrain.h"
#include "learn/tensor/buffer.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

using test::difference;
using Both = std::pair<Params, Params>;

// Engines repeat the same operations; what they add up in another order is some hundred values.
constexpr double rounding = 1e-12;
// test::slope: truncation and rounding of 1e-12, times the largest derivatives, which are some 10
constexpr double differences = 1e-9;

// A batch tailored as a whole: residuals of a network quantity, and a task loss that sees phi both
// through the steps and directly.
struct Problem {
  explicit Problem(std::int64_t n = 3, std::int64_t width = 4)
      : mlp{{2, width, width, 2}}, x(test::irregular({n, 2}, -1.2, 1.2)) {}

  Params theta() const { return initial_weights(mlp, 5, DType::f64); }
  Params phi() const { return initial_quantity_weights(quantity, 6); }
  Tensor residuals(const Params& at, const Params& g) const {
    return rate_of_change(network_quantity(quantity), g, x, mlp(at, x));
  }
  MetaLoss inner() const {
    return [*this](const Params& at, const Params& g) { return mean(square(residuals(at, g))); };
  }
  MetaLoss outer() const {
    return [*this](const Params& at, const Params& g) {
      const Tensor direct = sum(square(network_quantity(quantity)(g, x)));
      return mean(square(mlp(at, x) - 0.5)) + scale(direct, 0.1);
    };
  }
  // a step of any rule whose length is learned: sgd's rate, or a factor on the others
  MetaStep step(StepRule rule) const {
    return [*this, rule](const Params& at, const Params& g) {
      const InnerStep made{.rule = rule, .rate = g["length"]};
      const auto of = [&](const Params& inner) { return residuals(inner, g); };
      const Params moved = tailor(of, at, made);
      if (rule == StepRule::sgd) return moved;
      return zip(at, moved, [&](const Tensor& a, const Tensor& b) {
        return a + broadcast_to(g["length"], a.shape()) * (b - a);
      });
    };
  }

  Mlp mlp, quantity{{2, 4, 1}};
  Tensor x;
};

// irregular values between -1 and 1 in the form of `like`
Both direction(const Both& like) {
  int seed = 0;
  const auto fill = [&](const Tensor& value) {
    return test::irregular(value.shape(), -1, 1, ++seed);
  };
  return {map(like.first, fill), map(like.second, fill)};
}

// The directional derivative by `made` and from values of the loss after the steps.
void check_slope(const MetaGradient& made, const MetaStep& step, const MetaLoss& outer,
                 const Both& at, int steps) {
  const Both along = direction(at);
  const double slope = test::slope([&](double t) {
    Params theta = add_scaled(at.first, t, along.first);
    const Params phi = add_scaled(at.second, t, along.second);
    for (int k = 0; k < steps; ++k) theta = step(theta, phi);
    return outer(theta, phi).item();
  });
  const double ours = (dot(made.theta, along.first) + dot(made.phi, along.second)).item();
  CHECK(std::abs(slope) > 1e-2);
  CHECK(ours == Approx(slope).margin(differences));
}

void check_equal(const MetaGradient& a, const MetaGradient& b) {
  CHECK(a.value == Approx(b.value).epsilon(rounding));
  CHECK(difference(a.theta, b.theta) < rounding);
  CHECK(difference(a.phi, b.phi) < rounding);
}

}  // namespace

TEST_CASE("the three engines give one meta-gradient, and it is the slope", "[learn][noether]") {
  const Problem problem;
  const Both at(problem.theta(), problem.phi());
  const MetaLoss inner = problem.inner(), outer = problem.outer();
  const MetaStep step = sgd_inner_step(inner, 0.3);
  for (const int steps : {1, 3, 20}) {
    CAPTURE(steps);
    const auto plain = unrolled_meta_gradient(step, outer, at.first, at.second, steps);
    check_equal(meta_gradient(inner, outer, at.first, at.second, 0.3, steps), plain);
    check_equal(meta_gradient(step, outer, at.first, at.second, steps), plain);
    check_slope(plain, step, outer, at, steps);
    // phi's gradient is not only what it owes to the task loss directly
    const auto direct = grad([&](const Params& g) { return outer(at.first, g); }, at.second);
    CHECK(difference(plain.phi, direct) > 1e-2);
  }
}

TEST_CASE("checkpointed steps give the meta-gradient of every rule and of the step's length",
          "[learn][noether]") {
  const Problem problem;
  Both at(problem.theta(), problem.phi());
  at.second.add("length", Tensor::scalar(0));
  for (const StepRule rule : {StepRule::sgd, StepRule::polyak, StepRule::gauss_newton}) {
    const MetaStep step = problem.step(rule);
    for (const int steps : {1, 3, 20}) {
      // a third of the way in all: many whole steps go on where gradients vanish, and are chaotic
      at.second = at.second.with("length", Tensor::scalar(0.3 / steps));
      CAPTURE(static_cast<int>(rule), steps);
      const auto plain = unrolled_meta_gradient(step, problem.outer(), at.first, at.second, steps);
      const auto ours = meta_gradient(step, problem.outer(), at.first, at.second, steps);
      check_equal(ours, plain);
      CHECK(std::abs(ours.phi["length"].item()) > 1e-6);
      check_slope(ours, step, problem.outer(), at, steps);
    }
  }
}

TEST_CASE("the gradient of the inner rate is the slope", "[learn][noether]") {
  const Problem problem;
  const Params theta = problem.theta(), phi = problem.phi();
  for (const int steps : {1, 3, 20}) {
    const auto ours = meta_gradient(problem.inner(), problem.outer(), theta, phi, 0.3, steps);
    const double slope = test::slope([&](double t) {
      const MetaStep step = sgd_inner_step(problem.inner(), 0.3 + t);
      Params at = theta;
      for (int k = 0; k < steps; ++k) at = step(at, phi);
      return problem.outer()(at, phi).item();
    });
    CHECK(std::abs(slope) > 1e-4);
    CHECK(ours.rate == Approx(slope).margin(differences));
  }
}

TEST_CASE("without weights of its own the quantity has no gradient", "[learn][noether]") {
  const Problem problem;
  const Params phi = problem.phi();
  const auto bind = [&](const MetaLoss& loss) -> MetaLoss {
    return [=](const Params& theta, const Params&) { return loss(theta, phi); };
  };
  const MetaLoss inner = bind(problem.inner()), outer = bind(problem.outer());
  const auto ours = meta_gradient(inner, outer, problem.theta(), {}, 0.3, 3);
  CHECK(ours.phi.size() == 0);
  check_equal(
      {ours.value, ours.theta, phi},
      {meta_gradient(problem.inner(), problem.outer(), problem.theta(), phi, 0.3, 3).value,
       unrolled_meta_gradient(sgd_inner_step(inner, 0.3), outer, problem.theta(), {}, 3).theta,
       phi});
}

// inner = theta' A theta / 2 - phi' theta with A = [3 1; 1 3], whose eigenvectors are (1, 1) and
// (1, -1) with eigenvalues 4 and 2. Along each, theta_K = m^K theta + (1 - m^K) phi / lambda with
// m = 1 - rate lambda.
TEST_CASE("a quadratic inner loss has its closed form", "[learn][noether]") {
  const Tensor A = Tensor::from({3, 1, 1, 3}, {2, 2}), v = Tensor::from({0.6, -1.7}, {1, 2});
  const MetaLoss inner = [&](const Params& at, const Params& g) {
    const Tensor& t = at["theta"];
    return scale(sum(t * matmul(t, A)), 0.5) - sum(g["phi"] * t);
  };
  const MetaLoss outer = [&](const Params& at, const Params&) { return sum(v * at["theta"]); };
  const Params theta{{"theta", Tensor::from({0.4, 1.1}, {1, 2})}};
  const Params phi{{"phi", Tensor::from({-0.3, 0.8}, {1, 2})}};
  const double rate = 0.07;
  for (const int K : {1, 7, 40}) {
    double value = 0, drate = 0;
    std::array<double, 2> dtheta{}, dphi{};
    for (const double sign : {1.0, -1.0}) {
      const double lambda = 3 + sign, m = 1 - rate * lambda, power = std::pow(m, K);
      // components along (1, sign) / 2, which v meets as v0 + sign v1
      const double t = (0.4 + sign * 1.1) / 2, p = (-0.3 + sign * 0.8) / 2, w = 0.6 - sign * 1.7;
      value += w * (power * t + (1 - power) * p / lambda);
      drate += w * -lambda * K * std::pow(m, K - 1) * (t - p / lambda);
      dtheta[0] += power * w / 2;
      dtheta[1] += sign * power * w / 2;
      dphi[0] += (1 - power) / lambda * w / 2;
      dphi[1] += sign * (1 - power) / lambda * w / 2;
    }
    const Params expected_theta{{"theta", Tensor::from({dtheta[0], dtheta[1]}, {1, 2})}};
    const Params expected_phi{{"phi", Tensor::from({dphi[0], dphi[1]}, {1, 2})}};
    for (const MetaGradient& ours :
         {meta_gradient(inner, outer, theta, phi, rate, K),
          meta_gradient(sgd_inner_step(inner, rate), outer, theta, phi, K)}) {
      CHECK(ours.value == Approx(value).epsilon(rounding));
      CHECK(difference(ours.theta, expected_theta) < rounding);
      CHECK(difference(ours.phi, expected_phi) < rounding);
    }
    CHECK(meta_gradient(inner, outer, theta, phi, rate, K).rate == Approx(drate).margin(rounding));
  }
}

// 300 queries through 2-8-8-2: one value of the graph, [300, 8], takes 19 kB, of which a step has
// a dozen at a time; all weights together take 1 kB, and 500 steps keep up to ten sets of them more
// than five steps do. With few queries the weights would outweigh the graph.
TEST_CASE("500 inner steps need the memory of five", "[learn][noether]") {
  const Problem problem(300, 8);
  const MetaLoss inner = problem.inner(), outer = problem.outer();
  const Params theta = problem.theta(), phi = problem.phi();
  const MetaStep step = sgd_inner_step(inner, 0.01);
  const auto peak_of = [](const std::function<MetaGradient()>& run) {
    reset_buffer_peak();
    const auto before = buffer_statistics().live_bytes;
    CHECK(test::is_finite(run().theta));
    return static_cast<double>(buffer_statistics().peak_bytes - before);
  };
  const auto by_products = [&](int steps) {
    return peak_of([&] { return meta_gradient(inner, outer, theta, phi, 0.01, steps); });
  };
  const auto by_checkpoints = [&](int steps) {
    return peak_of([&] { return meta_gradient(step, outer, theta, phi, steps); });
  };
  const auto unrolled = [&](int steps) {
    return peak_of([&] { return unrolled_meta_gradient(step, outer, theta, phi, steps); });
  };
  CHECK(by_products(500) < 1.1 * by_products(5));
  CHECK(by_checkpoints(500) < 1.1 * by_checkpoints(5));
  CHECK(unrolled(20) > 3 * unrolled(5));
  CHECK(unrolled(5) > 2 * by_products(5));
}

// The inner step has a derivative inside, the meta-gradient is a second, its own slope a third.
TEST_CASE("a third derivative through an inner step agrees with differences", "[learn][noether]") {
  const Problem problem(2, 3);
  Both at(problem.theta(), problem.phi());
  at.second.add("length", Tensor::scalar(0.3));
  for (const StepRule rule : {StepRule::sgd, StepRule::polyak, StepRule::gauss_newton}) {
    CAPTURE(static_cast<int>(rule));
    const auto loss = [&](const Both& both) {
      return problem.outer()(problem.step(rule)(both.first, both.second), both.second);
    };
    // the tolerance of gradcheck.h; quotients have large fifth derivatives, so the step is shorter
    CHECK_NOTHROW(require_gradients(loss, at, {.order = 2, .step = 2e-4}));
  }
}

TEST_CASE("a meta-gradient has at least one inner step", "[learn][noether]") {
  const Problem problem;
  const Params theta = problem.theta(), phi = problem.phi();
  CHECK_THROWS_WITH(meta_gradient(problem.inner(), problem.outer(), theta, phi, 0.3, 0),
                    "there must be at least one inner step");
  CHECK_THROWS_AS(
      unrolled_meta_gradient(sgd_inner_step(problem.inner(), 0.3), problem.outer(), theta, phi, 0),
      base::UsageError);
}

}  // namespace noether::learn
