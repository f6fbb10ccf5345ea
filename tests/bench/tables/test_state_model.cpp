#include "bench/tables/state_model.h"

#include <catch2/catch.hpp>

#include "bench/tables/recorded_model.h"
#include "learn/models/vanilla.h"

namespace noether::bench {
namespace {

const ReportStep silent = [](std::string_view) {};

TableOptions decaying(double weight_decay, bool scratch) {
  return {.scratch = scratch, .quick = true, .weight_decay = weight_decay};
}

// The weights of `control` after four extra steps from the same start: the first step of Adam knows
// little but signs.
std::vector<double> extra_steps(StateProblem problem) {
  problem.mlp.widths = {2, 20, 2};
  problem.budget.steps = 5;  // with scratch, the last is left out
  problem.budget.fine_tune_steps = 4;
  const auto start = learn::initial_weights(problem.mlp, problem.seed, learn::DType::f32);
  const auto control = fine_tune(problem, "control", mlp_field(problem.mlp), start);
  std::vector<double> weights;
  for (const auto& [name, tensor] : control.params) {
    const auto values = tensor.to_vector();
    weights.insert(weights.end(), values.begin(), values.end());
  }
  return weights;
}

}  // namespace

TEST_CASE("the extra steps of a table have its weight decay", "[bench][state]") {
  const auto steps = [](double weight_decay, bool scratch) {
    return extra_steps(make_state_problem("spring", 0, 0, decaying(weight_decay, scratch), silent));
  };
  for (const bool scratch : {false, true}) {
    INFO((scratch ? "from the initial weights" : "from the vanilla weights"));
    const auto without = steps(0, scratch);
    CHECK(without.size() == 40 + 20 + 40);
    CHECK(without == steps(0, scratch));
    CHECK(without != steps(0.1, scratch));
  }
}

TEST_CASE("the extra steps of a recorded table have its weight decay", "[bench][recorded]") {
  const auto steps = [trial = generate_trial(0, 0)](double weight_decay) {
    return extra_steps(make_recorded_problem(trial, discretisations()[0], 0,
                                             decaying(weight_decay, false), silent));
  };
  CHECK(steps(0) == steps(0));
  CHECK(steps(0) != steps(0.1));
}

}  // namespace noether::bench
