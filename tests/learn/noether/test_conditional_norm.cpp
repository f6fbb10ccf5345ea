#include "learn/nn/conditional_norm.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/inner_step.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

using test::difference;

// images [b, 1, 6, 6]
Tensor images(std::int64_t b) { return test::irregular({b, 1, 6, 6}, -1, 1, 2); }

// A predictor of images and an embedding of them, with the weights of both.
Params weights() {
  return {{"W1", test::irregular({4, 1, 3, 3}, -0.7, 0.7, 1)},
          {"W2", test::irregular({1, 4, 3, 3}, -0.4, 0.4, 3)},
          {"V", test::irregular({2, 1, 3, 3}, -0.7, 0.7, 5)}};
}
Tensor predicted(const Params& theta, const Params& norms, const Tensor& x) {
  const Tensor h =
      conditional_norm(conv2d(x, theta["W1"], {.padding = 1}), norms["gamma1"], norms["beta1"], 2);
  return conv2d(leaky_relu(h, 0.2), theta["W2"], {.padding = 1});
}
// [b, 2]: each feature summed over the image
Tensor embedded(const Params& theta, const Tensor& x) {
  const Tensor features = tanh(conv2d(x, theta["V"], {.padding = 1}));
  return sum(reshape(features, {x.shape()[0], 2, 36}), 2);
}
// the prediction after an inner step on |g(prediction) - g(x)|^2 of every sample
Tensor tailored(const Params& theta, const Tensor& x, StepRule rule = StepRule::gauss_newton) {
  const InnerStep step{.rule = rule, .rate = Tensor::scalar(0.05), .steps = 2, .by_query = true};
  const Params norms = tailor(
      [&](const Params& at) {
        return embedded(theta, predicted(theta, at, x)) - embedded(theta, x);
      },
      initial_norms(x.shape()[0], {4}, DType::f64), step);
  return predicted(theta, norms, x);
}

Tensor untailored(const Params& theta, const Tensor& x) {
  return predicted(theta, initial_norms(x.shape()[0], {4}, DType::f64), x);
}

}  // namespace

TEST_CASE("every group of a sample has mean zero and variance one", "[learn][noether]") {
  const Tensor x = scale(test::irregular({3, 4, 5, 5}, -2, 3), 4);
  for (const std::int64_t groups : {1, 2, 4}) {
    const Params norms = initial_norms(3, {4}, DType::f64);
    const Tensor y = reshape(conditional_norm(x, norms["gamma1"], norms["beta1"], groups),
                             {3, groups, 100 / groups});
    // a sum of a hundred values of order one, rounded
    CHECK(test::size_of(mean(y, 2)) < 1e-14);
    const Tensor grouped = reshape(x, y.shape());
    const Tensor variance = mean(square(grouped - mean(grouped, 2, true)), 2);
    CHECK(difference(mean(square(y), 2), variance / (variance + 1e-5)) < 1e-14);
    CHECK(test::size_of(mean(square(y), 2) - 1) < 1e-5);
  }
}

TEST_CASE("scale and shift are those of the sample and the channel", "[learn][noether]") {
  const Tensor x = test::irregular({3, 4, 5, 5}, -1, 1);
  const Tensor gamma = test::irregular({3, 4}, -2, 2, 1), beta = test::irregular({3, 4}, -2, 2, 2);
  const Params norms = initial_norms(3, {4}, DType::f64);
  const auto unit = conditional_norm(x, norms["gamma1"], norms["beta1"], 2).to_vector();
  const auto moved = conditional_norm(x, gamma, beta, 2).to_vector();
  const auto g = gamma.to_vector(), b = beta.to_vector();
  for (std::size_t i = 0; i < moved.size(); ++i) {
    // one multiplication and one addition
    CHECK(moved[i] == Approx(g[i / 25] * unit[i] + b[i / 25]).margin(1e-14));
  }
}

TEST_CASE("norms are named after their layers and begin at one and zero", "[learn][noether]") {
  const Params norms = initial_norms(2, {3, 5}, DType::f32);
  CHECK(norms.size() == 4);
  CHECK(norms["gamma2"].shape() == Shape{2, 5});
  CHECK(norms["beta1"].shape() == Shape{2, 3});
  CHECK(norms["gamma1"].to_vector() == std::vector<double>(6, 1));
  CHECK(norms["beta2"].to_vector() == std::vector<double>(10, 0));
  CHECK(norms["beta2"].dtype() == DType::f32);
}

TEST_CASE("channels that do not fall into equal groups are refused", "[learn][noether]") {
  const Params norms = initial_norms(1, {4}, DType::f64);
  const auto with = [&](const Shape& shape, std::int64_t groups) {
    return test::message_of<base::ShapeError>(
        [&] { conditional_norm(Tensor::full(shape, 1), norms["gamma1"], norms["beta1"], groups); });
  };
  CHECK(with({1, 4, 2, 2}, 3) ==
        "conditional_norm: [b, c, h, w] with c divisible by 3 was expected, not [1, 4, 2, 2]");
  CHECK_THAT(with({1, 4}, 2), Catch::Contains("not [1, 4]"));
  CHECK_THAT(with({1, 4, 2, 2}, 0), Catch::Contains("divisible by 0"));
}

TEST_CASE("one graph tailors every sample of a batch as it would be tailored alone",
          "[learn][noether]") {
  const Tensor x = images(5);
  for (const StepRule rule : {StepRule::sgd, StepRule::polyak, StepRule::gauss_newton}) {
    const Tensor batch = tailored(weights(), x, rule);
    CHECK(difference(batch, untailored(weights(), x)) > 1e-3);
    for (std::int64_t i = 0; i < 5; ++i) {
      // sums over another number of samples: rounding
      CHECK(difference(tailored(weights(), slice(x, 0, i, i + 1), rule),
                       slice(batch, 0, i, i + 1)) < 1e-13);
    }
  }
}

TEST_CASE("a step lowers the Noether loss of every sample", "[learn][noether]") {
  const Tensor x = images(5), before = untailored(weights(), x), after = tailored(weights(), x);
  const auto losses = [&](const Tensor& image) {
    return sum(square(embedded(weights(), image) - embedded(weights(), x)), 1).to_vector();
  };
  for (std::size_t i = 0; i < 5; ++i) CHECK(losses(after)[i] < losses(before)[i]);
}

TEST_CASE("a sample that is disturbed leaves the bits of all others", "[learn][noether]") {
  for (const std::int64_t b : {5, 40}) {
    const Tensor x = images(b), bump = test::irregular({1, 1, 6, 6}, -0.1, 0.1);
    const auto before = tailored(weights(), x).to_vector();
    const auto after = tailored(weights(), x + pad(bump, 0, 3, b - 4)).to_vector();
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (i / 36 != 3) CHECK(after[i] == before[i]);
    }
    CHECK(std::vector(after.begin() + 3 * 36, after.begin() + 4 * 36) !=
          std::vector(before.begin() + 3 * 36, before.begin() + 4 * 36));
  }
}

TEST_CASE("the meta-gradient through conditional norms agrees with differences",
          "[learn][noether]") {
  const Tensor x = images(2), target = test::irregular({2, 1, 6, 6}, -1, 1, 7);
  for (const StepRule rule : {StepRule::sgd, StepRule::gauss_newton}) {
    const auto loss = [&](const Params& theta) {
      return mean(square(tailored(theta, x, rule) - target));
    };
    CHECK(test::size_of(grad(loss, weights())["V"]) > 1e-3);
    // leaky_relu has kinks: a short step passes none, at the price of rounding, 2^-53 / step
    CHECK_NOTHROW(require_gradients(loss, weights(), {.step = 1e-6, .tolerance = 1e-8}));
  }
}

}  // namespace noether::learn
