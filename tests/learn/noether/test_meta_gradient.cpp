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
  // of the mean over the batch
  MetaResiduals inner() const {
    return [*this](const Params& at, const Params& g) {
      const double weight = 1 / std::sqrt(static_cast<double>(x.shape()[0]));
      return scale(rate_of_change(network_quantity(quantity), g, x, mlp(at, x)), weight);
    };
  }
  MetaLoss outer() const {
    return [*this](const Params& at, const Params& g) {
      const Tensor direct = sum(square(network_quantity(quantity)(g, x)));
      return mean(square(mlp(at, x) - 0.5)) + scale(direct, 0.1);
    };
  }
  Mlp mlp, quantity{{2, 4, 1}};
  Tensor x;
};

InnerStep sgd(double rate, int steps) {
  return {.rule = StepRule::sgd, .rate = Tensor::scalar(rate), .steps = steps};
}

// Steps that go a third of the way in all: many whole ones would go on where gradients vanish, and
// are chaotic. What a rule without a rate is held back by is its epsilon.
InnerStep step_of(StepRule rule, int steps) {
  return {.rule = rule,
          .rate = Tensor::scalar(0.3 / steps),
          .steps = steps,
          .epsilon = has_rate(rule) ? 0.1 : 1. * steps};
}

// irregular values between -1 and 1 in the form of `like`
Both direction(const Both& like) {
  int seed = 0;
  const auto fill = [&](const Tensor& value) {
    return test::irregular(value.shape(), -1, 1, ++seed);
  };
  return {map(like.first, fill), map(like.second, fill)};
}

double value_after(const Problem& problem, const Params& theta, const Params& phi,
                   const InnerStep& step) {
  const auto residuals = [&](const Params& at) { return problem.inner()(at, phi); };
  return problem.outer()(tailor(residuals, theta, step), phi).item();
}

// The derivative along a direction of theta and phi, and that by the rate, by `made` and from
// values of the loss after the steps.
void check_slopes(const MetaGradient& made, const Problem& problem, const Both& at,
                  const InnerStep& step) {
  const Both along = direction(at);
  const double slope = test::slope([&](double t) {
    return value_after(problem, add_scaled(at.first, t, along.first),
                       add_scaled(at.second, t, along.second), step);
  });
  const double ours = (dot(made.theta, along.first) + dot(made.phi, along.second)).item();
  CHECK(std::abs(slope) > 1e-2);
  CHECK(ours == Approx(slope).margin(differences));
  REQUIRE(made.rate.defined() == has_rate(step.rule));
  if (!has_rate(step.rule)) return;
  const double by_rate = test::slope(
      [&](double t) {
        InnerStep other = step;
        other.rate = step.rate + t;
        return value_after(problem, at.first, at.second, other);
      },
      1e-3 * step.rate.item());
  CHECK(std::abs(by_rate) > 1e-4);
  // rounding of the differences, 2^-53 over the shorter step
  CHECK(made.rate.item() == Approx(by_rate).margin(differences / step.rate.item()));
}

void check_equal(const MetaGradient& a, const MetaGradient& b) {
  CHECK(a.value == Approx(b.value).epsilon(rounding));
  CHECK(difference(a.theta, b.theta) < rounding);
  if (a.phi.size() + b.phi.size() > 0) CHECK(difference(a.phi, b.phi) < rounding);
  REQUIRE(a.rate.defined() == b.rate.defined());
  if (a.rate.defined()) CHECK(difference(a.rate, b.rate) < rounding);
}

}  // namespace

TEST_CASE("the meta-gradient of every rule is the unrolled one, and it is the slope",
          "[learn][noether]") {
  const Problem problem;
  const Both at(problem.theta(), problem.phi());
  const MetaResiduals inner = problem.inner();
  const MetaLoss outer = problem.outer();
  for (const std::string& name : step_rule_names()) {
    for (const int steps : {1, 3, 20}) {
      const InnerStep step = step_of(step_rule_of(name), steps);
      CAPTURE(name, steps);
      const auto plain = unrolled_meta_gradient(inner, outer, at.first, at.second, step);
      const auto ours = meta_gradient(inner, outer, at.first, at.second, step);
      check_equal(ours, plain);
      check_slopes(ours, problem, at, step);
      // phi's gradient is not only what it owes to the task loss directly
      const auto direct = grad([&](const Params& g) { return outer(at.first, g); }, at.second);
      CHECK(difference(plain.phi, direct) > 1e-3);
    }
  }
}

TEST_CASE("weights that do not move have their meta-gradient too", "[learn][noether]") {
  const Problem problem;
  const Both at(problem.theta(), problem.phi());
  for (const std::string& name : step_rule_names()) {
    InnerStep step = step_of(step_rule_of(name), 3);
    step.weights = {"W3", "b1"};
    CAPTURE(name);
    const auto ours = meta_gradient(problem.inner(), problem.outer(), at.first, at.second, step);
    check_equal(
        ours, unrolled_meta_gradient(problem.inner(), problem.outer(), at.first, at.second, step));
    check_slopes(ours, problem, at, step);
  }
}

TEST_CASE("without weights of its own the quantity has no gradient", "[learn][noether]") {
  const Problem problem;
  const Params theta = problem.theta(), phi = problem.phi();
  const auto bind = [&](const auto& loss) {
    return [=](const Params& at, const Params&) { return loss(at, phi); };
  };
  for (const StepRule rule : {StepRule::sgd, StepRule::adam}) {
    const InnerStep step = step_of(rule, 3);
    const auto ours = meta_gradient(bind(problem.inner()), bind(problem.outer()), theta, {}, step);
    const auto whole = meta_gradient(problem.inner(), problem.outer(), theta, phi, step);
    CHECK(ours.phi.size() == 0);
    CHECK(difference(ours.theta, whole.theta) < rounding);
    CHECK(difference(ours.rate, whole.rate) < rounding);
  }
}

// inner = theta' A theta / 2 - phi' theta, up to a constant in theta, with A = [3 1; 1 3], whose
// eigenvectors are (1, 1) and (1, -1) with eigenvalues 4 and 2: as squares, with u and p the
// components of theta and phi along those of length one, (lambda u - p)^2 / (2 lambda). Along each,
// theta_K = m^K theta + (1 - m^K) phi / lambda with m = 1 - rate lambda.
TEST_CASE("a quadratic inner loss has its closed form", "[learn][noether]") {
  const Tensor v = Tensor::from({0.6, -1.7}, {1, 2});
  const double half = std::sqrt(0.5);
  const Tensor eigenvectors = Tensor::from({half, half, half, -half}, {2, 2});
  const Tensor lambdas = Tensor::from({4, 2}, {1, 2});
  const MetaResiduals inner = [&](const Params& at, const Params& g) {
    const Tensor u = matmul(at["theta"], eigenvectors), p = matmul(g["phi"], eigenvectors);
    return (lambdas * u - p) / sqrt(2 * lambdas);
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
    const auto ours = meta_gradient(inner, outer, theta, phi, sgd(rate, K));
    CHECK(ours.value == Approx(value).epsilon(rounding));
    CHECK(difference(ours.theta, {{"theta", Tensor::from({dtheta[0], dtheta[1]}, {1, 2})}}) <
          rounding);
    CHECK(difference(ours.phi, {{"phi", Tensor::from({dphi[0], dphi[1]}, {1, 2})}}) < rounding);
    CHECK(ours.rate.item() == Approx(drate).margin(rounding));
  }
}

// 300 queries through 2-8-8-2: one value of the graph, [300, 8], takes 19 kB, of which a step has
// a dozen at a time; all weights together take 1 kB, and 500 steps keep up to ten sets of them more
// than five steps do. With few queries the weights would outweigh the graph.
TEST_CASE("500 inner steps need the memory of five", "[learn][noether]") {
  const Problem problem(300, 8);
  const MetaResiduals inner = problem.inner();
  const MetaLoss outer = problem.outer();
  const Params theta = problem.theta(), phi = problem.phi();
  const auto peak_of = [](const std::function<MetaGradient()>& run) {
    reset_buffer_peak();
    const auto before = buffer_statistics().live_bytes;
    CHECK(test::is_finite(run().theta));
    return static_cast<double>(buffer_statistics().peak_bytes - before);
  };
  const auto step = [](StepRule rule, int steps) {
    return InnerStep{.rule = rule, .rate = Tensor::scalar(0.001), .steps = steps};
  };
  const auto ours = [&](StepRule rule, int steps) {
    return peak_of([&] { return meta_gradient(inner, outer, theta, phi, step(rule, steps)); });
  };
  const auto unrolled = [&](int steps) {
    return peak_of([&] {
      return unrolled_meta_gradient(inner, outer, theta, phi, step(StepRule::sgd, steps));
    });
  };
  CHECK(ours(StepRule::sgd, 500) < 1.1 * ours(StepRule::sgd, 5));
  CHECK(ours(StepRule::normalised, 500) < 1.1 * ours(StepRule::normalised, 5));
  // adam remembers two more sets of weights a state
  CHECK(ours(StepRule::adam, 500) < 1.3 * ours(StepRule::adam, 5));
  CHECK(unrolled(20) > 3 * unrolled(5));
  CHECK(unrolled(5) > 2 * ours(StepRule::sgd, 5));
}

// The inner step has a derivative inside, the meta-gradient is a second, its own slope a third.
TEST_CASE("a third derivative through an inner step agrees with differences", "[learn][noether]") {
  const Problem problem(2, 3);
  Both at(problem.theta(), problem.phi());
  at.second.add("rate", Tensor::scalar(0.3));
  for (const std::string& name : step_rule_names()) {
    CAPTURE(name);
    const auto loss = [&](const Both& both) {
      const auto& [theta, phi] = both;
      const InnerStep step{
          .rule = step_rule_of(name), .rate = phi["rate"], .steps = 2, .epsilon = 0.5};
      const auto residuals = [&, &phi = phi](const Params& inner) {
        return problem.inner()(inner, phi);
      };
      return problem.outer()(tailor(residuals, theta, step), phi);
    };
    // the tolerance of gradcheck.h; quotients have large fifth derivatives, so the step is shorter
    CHECK_NOTHROW(require_gradients(loss, at, {.order = 2, .step = 2e-4}));
  }
}

TEST_CASE("a meta-gradient has at least one inner step", "[learn][noether]") {
  const Problem problem;
  const Params theta = problem.theta(), phi = problem.phi();
  CHECK_THROWS_WITH(meta_gradient(problem.inner(), problem.outer(), theta, phi, sgd(0.3, 0)),
                    "there must be at least one inner step");
  CHECK_THROWS_AS(unrolled_meta_gradient(problem.inner(), problem.outer(), theta, phi, sgd(0.3, 0)),
                  base::UsageError);
}

}  // namespace noether::learn
