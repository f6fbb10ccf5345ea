// The rules of inner steps, each by its formula, and their derivatives.

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/inner_step.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"
#include "tests/learn/noether/small_network.h"

namespace noether::learn {

using namespace test::small_network;
using test::difference;

TEST_CASE("a normalised step has the length of its rate, down the gradient", "[learn][noether]") {
  const Tensor x = slice(queries(), 0, 2, 3);
  // one residual and three
  for (const ResidualsOf& r : {tangent_of(energy, x), rollout_of(Form::anchored, x)}) {
    const Params slope =
        grad([&](const Params& theta) { return sum(square(r(theta))); }, weights());
    const double length = std::sqrt(dot(slope, slope).item());
    REQUIRE(length > 0.1);
    for (const double epsilon : {1e-30, 0.5}) {
      const InnerStep step{
          .rule = StepRule::normalised, .rate = Tensor::scalar(0.05), .epsilon = epsilon};
      const double factor = 0.05 / std::sqrt(length * length + epsilon);
      // some roundings of values of order one
      CHECK(difference(tailor(r, weights(), step), add_scaled(weights(), -factor, slope)) < 1e-14);
    }
  }
}

// Kingma and Ba 2015, algorithm 1 with epsilon below the root, written out for the gradients that
// the library gives.
TEST_CASE("adam's steps are those of its paper", "[learn][noether]") {
  const Tensor x = slice(queries(), 0, 2, 3);
  for (const ResidualsOf& r : {tangent_of(energy, x), rollout_of(Form::anchored, x)}) {
    const InnerStep step{.rule = StepRule::adam,
                         .rate = Tensor::scalar(0.02),
                         .steps = 3,
                         .weights = {"W1", "b2"},
                         .epsilon = 1e-4,
                         .beta1 = 0.8,
                         .beta2 = 0.9};
    for (const std::string name : {"W1", "b2"}) {
      // the other array moves as well, so each is followed with both moving
      std::vector<double> m, v;
      Params at = weights();
      for (int k = 1; k <= 3; ++k) {
        const auto g =
            grad([&](const Params& p) { return sum(square(r(p))); }, at)[name].to_vector();
        auto values = at[name].to_vector();
        m.resize(g.size());
        v.resize(g.size());
        for (std::size_t i = 0; i < g.size(); ++i) {
          m[i] = 0.8 * m[i] + 0.2 * g[i];
          v[i] = 0.9 * v[i] + 0.1 * g[i] * g[i];
          values[i] -= 0.02 * m[i] / (1 - std::pow(0.8, k)) /
                       std::sqrt(v[i] / (1 - std::pow(0.9, k)) + 1e-4);
        }
        InnerStep some = step;
        some.steps = k;
        const Tensor expected = Tensor::from<double>(values, at[name].shape());
        at = tailor(r, weights(), some);
        // some ten roundings of values of order one
        CHECK(difference(at[name], expected) < 1e-14);
        CHECK(difference(at[name], weights()[name]) > 1e-3);
      }
    }
    CHECK(difference(tailor(r, weights(), step)["W2"], weights()["W2"]) == 0);
  }
}

TEST_CASE("steps of every rule are differentiated to second order, in weights and rate",
          "[learn][noether]") {
  const Tensor x = slice(queries(), 0, 3, 4);
  using Learned = std::pair<Params, Tensor>;
  const Learned at(weights(), Tensor::scalar(0.01));
  for (const std::string& name : step_rule_names()) {
    const StepRule rule = step_rule_of(name);
    for (const int steps : {1, 2}) {
      for (const ResidualsOf& r : {tangent_of(energy, x), rollout_of(Form::previous, x)}) {
        const auto error = [&](const Learned& learned) {
          const InnerStep step{
              .rule = rule, .rate = learned.second, .steps = steps, .epsilon = 0.5};
          return sum(square(mlp(tailor(r, learned.first, step), x) - 1));
        };
        CAPTURE(name, steps);
        const auto slope = grad(error, at);
        CHECK(test::size_of(slope.first) > 0.1);
        CHECK((std::abs(slope.second.item()) > 1e-3) == has_rate(rule));
        // roots have large fifth derivatives where gradients are short: truncation, step^4, needs a
        // short step, with which differences round at 1e-10
        CHECK_NOTHROW(require_gradients(error, at, {.order = 2, .step = 2e-5}));
      }
    }
  }
}

}  // namespace noether::learn
