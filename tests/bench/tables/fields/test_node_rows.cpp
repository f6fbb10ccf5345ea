#include "bench/tables/fields/node_rows.h"

#include <catch2/catch.hpp>

#include "learn/autodiff/ops.h"
#include "learn/train/segments.h"
#include "tests/bench/tables/quick_run.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

// The quick problem with a small network and a few steps.
StateProblem small_problem(const dataset::Overrides& overrides = {}) {
  const QuickRun run("pendulum", overrides);
  StateProblem problem = make_state_problem("pendulum", run.context());
  problem.mlp.widths = {2, 20, 2};
  problem.budget = {.node_steps = 6, .node_fine_tune_steps = 4};
  return problem;
}

TrainedField made(std::size_t row, const StateProblem& problem,
                  const std::vector<TrainedField>& needed = {}) {
  return node_rows().at(row).make(problem, needed, silent).made.value();
}

std::vector<double> values_of(const learn::Params& params) {
  return learn::ravel(params.tensors()).to_vector();
}

// The largest rate of H along the field at the test states, over the size of the field.
double rate_of_energy(const StateProblem& problem, const TrainedField& row) {
  const learn::Tensor f = row.field(row.params, problem.task.test_x);
  const learn::Tensor rate = rate_of_change(problem.oracle, {}, problem.task.test_x, f);
  return test::size_of(rate) / test::size_of(f);
}

}  // namespace

TEST_CASE("node is trained on observations alone", "[bench][node]") {
  for (const std::string noise : {"0,", "0.1,"}) {
    CAPTURE(noise);
    const StateProblem problem = small_problem({{"noise", noise}});
    StateProblem other = problem;
    other.task.dx_dt = zeros_like(problem.task.dx_dt);
    other.task.x = zeros_like(problem.task.x);  // what derivatives have denoised
    const TrainedField node = made(0, problem);
    CHECK(values_of(node.params) == values_of(made(0, other).params));
    CHECK(node.params.contains(learn::starts_weight) == (noise != "0,"));
    other.raw_x = scale(problem.raw_x, 1.01);
    CHECK(values_of(node.params) != values_of(made(0, other).params));
  }
}

TEST_CASE("node-projected and node-tailored conserve H", "[bench][node]") {
  const StateProblem problem = small_problem();
  const TrainedField node = made(0, problem), control = made(1, problem, {node});
  const TrainedField projected = made(2, problem, {control}), tailored = made(3, problem, {node});
  CHECK(values_of(control.params) != values_of(node.params));
  CHECK(values_of(projected.params) == values_of(control.params));
  CHECK(values_of(tailored.params) != values_of(control.params));
  CHECK(rate_of_energy(problem, control) > 0.1);
  // the projection leaves epsilon = 1e-6 of the rate, and float32 rounds at 1e-7
  CHECK(rate_of_energy(problem, projected) < 1e-5);
  CHECK(rate_of_energy(problem, tailored) < 1e-5);
}

TEST_CASE("no row of node is made unless it is asked for", "[bench][node]") {
  for (const FieldRow& row : node_rows()) CHECK_FALSE(row.spec.by_default);
}

}  // namespace noether::bench
