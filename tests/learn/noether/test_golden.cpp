#include <catch2/catch.hpp>
#include <cmath>

#include "learn/noether/inner_step.h"
#include "learn/noether/query_mlp.h"
#include "tests/learn/noether/golden.h"

using namespace noether::learn;
using noether::test::golden_cases;
using noether::test::GoldenCase;

namespace {

// Relative to the largest value, or absolute where all are below one: rounding alone lies between
// two programs that compute the same float64 expression.
constexpr double tolerance = 1e-12;

void check_equal(const Tensor& ours, const Tensor& recorded) {
  REQUIRE(ours.shape() == recorded.shape());
  const auto a = ours.to_vector(), b = recorded.to_vector();
  double size = 1, difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    size = std::max(size, std::abs(b[i]));
    difference = std::max(difference, std::abs(a[i] - b[i]));
    CHECK(std::isfinite(a[i]));
  }
  CHECK(difference / size < tolerance);
}

void check_equal(const GoldenCase& c, const std::string& group, const Params& ours,
                 std::int64_t query) {
  for (const auto& [name, value] : ours) {
    CAPTURE(c.name, group, name, query);
    check_equal(value, c.recorded(group + "/" + name, value.shape(), query));
  }
}

// One query of a case as a dense meta-learning problem.
struct Dense {
  Dense(const GoldenCase& c, std::int64_t query)
      : x0(slice(c.x0(), 0, query, query + 1)), target(slice(c.target(), 0, query, query + 1)) {
    const auto under = [&c](const Params& theta) -> Predict {
      return [&c, theta](const Tensor& x) { return c.mlp(theta, x); };
    };
    inner = [this, &c, under](const Params& theta, const Params& phi) {
      return residuals(c.loss, c.quantity, x0)(phi, under(theta));
    };
    outer = [this, &c, under](const Params& theta, const Params&) {
      return mean(square(c.prediction(under(theta), x0) - target));
    };
  }
  Tensor x0, target;
  MetaResiduals inner;
  MetaLoss outer;
};

InnerStep sgd_of(const GoldenCase& c) {
  return {.rule = StepRule::sgd, .rate = Tensor::scalar(c.rate), .steps = c.steps};
}

void check_meta(const GoldenCase& c, const MetaGradient& ours, std::int64_t query) {
  CAPTURE(c.name, query);
  CHECK(ours.value == Approx(c.recorded("task_loss", {}, query).item()).epsilon(tolerance));
  check_equal(c, "meta_theta", ours.theta, query);
  check_equal(c, "meta_phi", ours.phi, query);
}

}  // namespace

TEST_CASE("inner losses, gradients and tailored weights are the recorded ones",
          "[learn][noether][reference]") {
  for (const GoldenCase& c : golden_cases()) {
    for (std::int64_t q = 0; q < noether::test::golden_queries; ++q) {
      const Dense dense(c, q);
      Params theta = c.theta;
      for (int k = 0; k < c.steps; ++k) {
        CAPTURE(c.name, q, k);
        const auto [value, gradient] = value_and_grad(
            [&](const Params& at) { return sum(square(dense.inner(at, c.phi))); }, theta);
        check_equal(value, c.recorded(fmt::format("inner_loss_{}", k), {}, q));
        check_equal(c, fmt::format("inner_grad_{}", k), gradient, q);
        theta = add_scaled(theta, -c.rate, gradient);
        check_equal(c, fmt::format("tailored_{}", k + 1), theta, q);
      }
      const Tensor predicted =
          c.prediction([&](const Tensor& x) { return c.mlp(theta, x); }, dense.x0);
      const Shape shape = c.single ? Shape{2} : Shape{5, 2};
      check_equal(reshape(predicted, shape), c.recorded("pred", shape, q));
    }
  }
}

TEST_CASE("the unrolled meta-gradient is the recorded one", "[learn][noether][reference]") {
  for (const GoldenCase& c : golden_cases()) {
    for (std::int64_t q = 0; q < noether::test::golden_queries; ++q) {
      const Dense dense(c, q);
      check_meta(c, unrolled_meta_gradient(dense.inner, dense.outer, c.theta, c.phi, sgd_of(c)), q);
    }
  }
}

TEST_CASE("the meta-gradient by Hessian-vector products is the recorded one",
          "[learn][noether][reference]") {
  for (const GoldenCase& c : golden_cases()) {
    for (std::int64_t q = 0; q < noether::test::golden_queries; ++q) {
      const Dense dense(c, q);
      check_meta(c, meta_gradient(dense.inner, dense.outer, c.theta, c.phi, sgd_of(c)), q);
    }
  }
}

TEST_CASE("tailoring of low rank gives the recorded weights, predictions and meta-gradients",
          "[learn][noether][reference]") {
  using Both = std::pair<Params, Params>;
  for (const GoldenCase& c : golden_cases()) {
    const InnerStep step = sgd_of(c);
    const auto tailored = [&](const Params& theta, const Params& phi, const Tensor& x0) {
      return QueryMlp(c.mlp, theta).tailored(residuals(c.loss, c.quantity, x0), phi, step);
    };
    // all four queries in one batch: weights and predictions of each
    const QueryMlp batch = tailored(c.theta, c.phi, c.x0());
    for (std::int64_t q = 0; q < noether::test::golden_queries; ++q) {
      check_equal(c, fmt::format("tailored_{}", c.steps), batch.weights_of(q), q);
    }
    // the gradient of one query's task loss, its weights tailored among the others
    for (std::int64_t q = 0; q < noether::test::golden_queries; ++q) {
      const auto [value, both] = value_and_grad(
          [&](const Both& at) {
            const QueryMlp net = tailored(at.first, at.second, c.x0());
            const Tensor predicted = c.prediction([&](const Tensor& x) { return net(x); }, c.x0());
            return mean(square(slice(predicted - c.target(), 0, q, q + 1)));
          },
          Both(c.theta, c.phi));
      check_meta(c, {value.item(), both.first, both.second}, q);
    }
  }
}
