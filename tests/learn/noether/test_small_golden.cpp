// Meta-gradients of a small problem, kept in meta_gradients.txt: float64, by dense weights and one
// graph over all inner steps. Made again, where the problem below changes, by
//     test_learn_noether "[remake]"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <sstream>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/meta_gradient.h"
#include "learn/noether/query_mlp.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

const std::string golden_file = NOETHER_SOURCE_DIR "/tests/learn/noether/meta_gradients.txt";

// Numbers between -1 and 1 that every machine has exactly.
Tensor sixteenths(const Shape& shape, int seed) {
  return Tensor::build<double>(shape, [seed](std::span<double> out) {
    int i = seed;
    for (double& value : out) value = ((i += 7) * 11 % 31 - 15) / 16.0;
  });
}

Params weights_of(const Mlp& mlp, int seed) {
  Params weights;
  for (int layer = 1; layer <= mlp.layers(); ++layer) {
    const std::int64_t in = mlp.widths[static_cast<std::size_t>(layer - 1)],
                       out = mlp.widths[static_cast<std::size_t>(layer)];
    weights.add(weight_name(layer), sixteenths({out, in}, seed + layer));
    if (mlp.has_bias(layer)) weights.add(bias_name(layer), sixteenths({out}, seed + 5 * layer));
  }
  return weights;
}

// Three queries, each with weights of its own, and a task loss of what is predicted there.
struct Problem {
  StepRule rule;
  NoetherLoss loss;
  int steps;

  Mlp mlp{{2, 3, 2}}, quantity{{2, 2, 1}};
  Params theta = weights_of(mlp, 1), phi = weights_of(quantity, 2);
  Tensor x = sixteenths({3, 2}, 3), target = sixteenths({3, 2}, 4);

  InnerStep step(const Tensor& rate) const {
    return {.rule = rule, .rate = rate, .steps = steps, .epsilon = 0.125};
  }
  InnerStep step() const { return step(Tensor::scalar(0.0625)); }
  Residuals residuals_at(const Tensor& at) const {
    return residuals(loss, network_quantity(quantity), at);
  }

  // The sum over the queries of what an engine for dense weights gives.
  template <class Engine>
  MetaGradient dense(const Engine& engine) const {
    MetaGradient total;
    for (std::int64_t i = 0; i < 3; ++i) {
      const Tensor query = slice(x, 0, i, i + 1), wanted = slice(target, 0, i, i + 1);
      const MetaGradient one = engine(
          [&](const Params& at, const Params& g) {
            return residuals_at(query)(g, [&](const Tensor& state) { return mlp(at, state); });
          },
          [&](const Params& at, const Params&) { return sum(square(mlp(at, query) - wanted)); },
          theta, phi, step());
      const bool first = i == 0;
      total.value += one.value;
      total.theta = first ? one.theta : add_scaled(total.theta, 1, one.theta);
      total.phi = first ? one.phi : add_scaled(total.phi, 1, one.phi);
      if (one.rate.defined()) total.rate = first ? one.rate : total.rate + one.rate;
    }
    return total;
  }

  // All queries at once, by updates of low rank.
  MetaGradient low_rank() const {
    using Both = std::pair<Params, Params>;
    const auto [value, made] = value_and_grad(
        [&](const std::pair<Both, Tensor>& at) {
          const auto& [both, rate] = at;
          const QueryMlp net =
              QueryMlp(mlp, both.first).tailored(residuals_at(x), both.second, step(rate));
          return sum(square(net(x) - target));
        },
        std::pair(Both(theta, phi), step().rate));
    return {value.item(), made.first.first, made.first.second, made.second};
  }

  std::string name() const {
    return fmt::format("{}-{}-{}", to_string(rule),
                       loss.form == Form::tangent ? "tangent" : "anchored", steps);
  }
};

std::vector<Problem> problems() {
  std::vector<Problem> all;
  for (const std::string& rule : step_rule_names()) {
    all.push_back({step_rule_of(rule), {Form::tangent, 0.5, 1}, 1});
    all.push_back({step_rule_of(rule), {Form::anchored, 0.5, 2}, 3});
  }
  return all;
}

// value, then theta, phi and the rate (0 where the rule has none), in order
std::vector<double> numbers_of(const MetaGradient& made) {
  std::vector<double> all{made.value};
  for (const Params& params : {made.theta, made.phi}) {
    for (const auto& [name, value] : params) {
      const auto values = value.to_vector();
      all.insert(all.end(), values.begin(), values.end());
    }
  }
  all.push_back(made.rate.defined() ? made.rate.item() : 0);
  return all;
}

std::vector<double> golden(const std::string& name) {
  std::ifstream file(golden_file);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first != name) continue;
    std::vector<double> numbers;
    for (double number = 0; words >> number;) numbers.push_back(number);
    return numbers;
  }
  return {};
}

void check_golden(const Problem& problem, const MetaGradient& made) {
  CAPTURE(problem.name());
  const auto ours = numbers_of(made), kept = golden(problem.name());
  REQUIRE(kept.size() == 25);
  REQUIRE(ours.size() == kept.size());
  double largest = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CAPTURE(i);
    // some hundred roundings of values of order one, in another order
    CHECK(ours[i] == Approx(kept[i]).epsilon(1e-12).margin(1e-12));
    largest = std::max(largest, std::abs(kept[i]));
  }
  CHECK(largest > 0.1);
}

}  // namespace

TEST_CASE("the unrolled meta-gradients are those kept", "[learn][noether]") {
  for (const Problem& problem : problems())
    check_golden(problem, problem.dense(unrolled_meta_gradient));
}

TEST_CASE("the meta-gradients in the memory of one step are those kept", "[learn][noether]") {
  for (const Problem& problem : problems()) check_golden(problem, problem.dense(meta_gradient));
}

TEST_CASE("the meta-gradients through weights of low rank are those kept", "[learn][noether]") {
  int compared = 0;
  for (const Problem& problem : problems()) {
    if (!keeps_low_rank(problem.rule)) continue;
    check_golden(problem, problem.low_rank());
    ++compared;
  }
  CHECK(compared == 10);
}

// hidden: it writes into the source
TEST_CASE("the meta-gradients are made again", "[.][remake]") {
  std::ofstream file(golden_file);
  file
      << "# Made by test_small_golden.cpp, which says how: rule-form-K, value, gradients of theta, "
         "of phi, of the rate.\n";
  for (const Problem& problem : problems()) {
    file << problem.name();
    for (const double number : numbers_of(problem.dense(unrolled_meta_gradient)))
      file << fmt::format(" {:.17g}", number);
    file << '\n';
  }
  REQUIRE(file.flush().good());
}

}  // namespace noether::learn
