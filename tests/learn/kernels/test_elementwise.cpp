// Elementwise functions: one value, one result, wherever it stands.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "learn/autodiff/ops.h"
#include "learn/nn/optimizers.h"

using namespace noether::learn;

namespace {

struct Function {
  std::string name;
  std::function<Tensor(const Tensor&)> f;
};

const std::vector<Function> functions = {
    {"exp", noether::learn::exp},
    {"log", noether::learn::log},
    {"sin", noether::learn::sin},
    {"cos", noether::learn::cos},
    {"tanh", noether::learn::tanh},
    {"sigmoid", noether::learn::sigmoid},
    {"sqrt", noether::learn::sqrt},
    {"power", [](const Tensor& x) { return power(x, 1.7); }},
    {"inverse", [](const Tensor& x) { return div(ones_like(x), x); }}};

}  // namespace

TEST_CASE("the bits of a value do not depend on its place", "[learn][kernels]") {
  for (const auto& [name, f] : functions) {
    for (const DType dtype : {DType::f32, DType::f64}) {
      for (const double value : {0.1, 0.7, 1.3, 2.9, 17.3, 40.1}) {
        CAPTURE(name, to_string(dtype), value);
        // vectors, parts of them, and the value alone
        const double alone = f(Tensor::full({1}, value, dtype)).item();
        const auto many = f(Tensor::full({37}, value, dtype)).to_vector();
        CHECK(std::ranges::all_of(many, [&](double y) { return y == alone; }));
      }
    }
  }
}

TEST_CASE("square roots are correctly rounded", "[learn][kernels]") {
  std::vector<float> values;
  for (int i = 1; i < 3000; ++i) values.push_back(static_cast<float>(i) * 0.37F);
  const Tensor x = Tensor::from<float>(values, {std::ssize(values)});
  const Tensor root = noether::learn::sqrt(x);
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(root.data<float>()[i] == std::sqrt(values[i]));
  }
}

// theta - rate (m / (1 - beta1)) / (sqrt(v / (1 - beta2)) + epsilon) for the first step, with
// every operation rounded to float as Adam's kernel rounds it
TEST_CASE("the first step of Adam is rounded operation by operation", "[learn][kernels]") {
  const Adam adam{.learning_rate = 1e-3, .weight_decay = 0};
  const Params params{{"w", Tensor::full({19}, 0.3, DType::f32)}},
      gradient{{"w", Tensor::full({19}, 0.7, DType::f32)}};
  const Params stepped = step(adam, initial_state(params), params, gradient).params;
  const auto beta1 = static_cast<float>(adam.beta1), beta2 = static_cast<float>(adam.beta2),
             rate = static_cast<float>(adam.learning_rate / (1 - adam.beta1)),
             root = static_cast<float>(std::sqrt(1 - adam.beta2)),
             epsilon = static_cast<float>(adam.epsilon);
  const float m = (1 - beta1) * 0.7F, v = (1 - beta2) * 0.7F * 0.7F;
  const float expected = 0.3F - rate * m / (std::sqrt(v) / root + epsilon);
  for (const float w : stepped["w"].data<float>()) CHECK(w == expected);
}
