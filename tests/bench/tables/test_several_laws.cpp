// The tables `two-body` and `double-pendulum`.

#include <algorithm>
#include <catch2/catch.hpp>

#include "bench/tables/fields/discovered_row.h"
#include "bench/tables/fields/rival_rows.h"
#include "learn/autodiff/ops.h"
#include "tests/bench/tables/quick_run.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

using learn::Tensor;

// The quick problem with a small network and a few steps.
StateProblem small_problem(const std::string& table) {
  StateProblem problem = make_several_laws_problem(table, QuickRun(table).context());
  const std::int64_t d = problem.task.dimension();
  problem.mlp.widths = {d, 20, d};
  problem.budget = {.steps = 200,
                    .fine_tune_steps = 4,
                    .formulas = 2,
                    .pretraining = {.ratio_steps = 5, .angle_steps = 20}};
  return problem;
}

TrainedField made(const FieldRow& row, const StateProblem& problem,
                  const std::vector<TrainedField>& needed = {}) {
  return row.make(problem, needed, silent).made.value();
}

double value_of(const RunResult& result, const std::string& metric) {
  const auto found = select(result.records, {.metric = metric});
  REQUIRE(found.size() == 1);
  return found.front().value;
}

// The largest change of each law along the predictions from the test starts.
std::vector<double> drifts(const StateProblem& problem, const TrainedField& row) {
  const Evaluation judged = evaluate(row, problem.task);
  const Tensor start = problem.oracle({}, judged.predicted.front());
  std::vector<double> worst;
  for (std::int64_t law = 0; law < start.shape()[1]; ++law) {
    worst.push_back(0);
    for (const Tensor& x : judged.predicted) {
      const Tensor off = slice(problem.oracle({}, x) - start, 1, law, law + 1);
      worst.back() = std::max(worst.back(), test::size_of(off));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("two bodies: a row that knows the laws conserves both of them", "[bench][laws]") {
  const StateProblem problem = small_problem("two-body");
  REQUIRE(problem.several.names == std::vector<std::string>{"energy", "angular_momentum"});
  // one body is the mirror image of the other: four of eight directions
  REQUIRE(problem.several.directions.shape() == learn::Shape{4, 8});
  // with noise too: what only the observations vary in does not count
  CHECK(make_several_laws_problem("two-body", QuickRun("two-body", {{"noise", "0.05,"}}).context())
            .several.directions.shape() == learn::Shape{4, 8});
  const TrainedField vanilla = made(vanilla_row(), problem);
  const auto plain = drifts(problem, vanilla);
  REQUIRE(plain.size() == 2);
  for (const double drift : plain) REQUIRE(drift > 0.1);
  for (const auto& row : {tailored_row(), state_projected_row(), meta_oracle_row()}) {
    CAPTURE(row.spec.name);
    const auto kept = drifts(problem, made(row, problem, {vanilla}));
    // what Runge-Kutta leaves at a step of 20/49 s, and projection where orbits are nearly circular
    for (std::size_t law = 0; law < 2; ++law) CHECK(kept[law] < 0.05 * plain[law]);
  }
}

TEST_CASE("two bodies: both laws are found, and the train data choose", "[bench][laws]") {
  const StateProblem problem = small_problem("two-body");
  const TrainedField vanilla = made(vanilla_row(), problem);
  const FieldOutcome outcome = meta_discovered_row().make(problem, std::vector{vanilla}, silent);
  REQUIRE(outcome.made);
  CHECK(value_of(outcome.measured, "combinations_kept") == 2);
  CHECK(value_of(outcome.measured, "formulas_kept") > 2);
  CHECK(value_of(outcome.measured, "formulas_tried") == 2);
  // the choice is by train data, on which the row is better than what it starts from
  const double error = train_error(problem, outcome.made->field, outcome.made->params);
  CHECK(error < train_error(problem, vanilla.field, vanilla.params));
  REQUIRE(value_of(outcome.measured, "combinations_used") == 2);
  CHECK(value_of(outcome.measured, "angle") < 1e-6);
  CHECK(value_of(outcome.measured, "angle_missed") < 1e-6);
}

TEST_CASE("double pendulum: the energy is found, and is the oracle's", "[bench][laws]") {
  const StateProblem problem = small_problem("double-pendulum");
  const TrainedField vanilla = made(vanilla_row(), problem);
  const FieldOutcome outcome = meta_discovered_row().make(problem, std::vector{vanilla}, silent);
  REQUIRE(outcome.made);
  CHECK(value_of(outcome.measured, "combinations_kept") == 1);
  CHECK(value_of(outcome.measured, "combinations_used") == 1);
  CHECK(value_of(outcome.measured, "fixed_used") == 0);
  CHECK(value_of(outcome.measured, "angle") < 1e-6);
  // so the row is meta-oracle, up to rounding in float32
  const TrainedField oracle = made(meta_oracle_row(), problem, {vanilla});
  const Tensor& x = problem.task.test_x;
  CHECK(test::difference(outcome.made->field(outcome.made->params, x),
                         oracle.field(oracle.params, x)) < 1e-3);
}

TEST_CASE("the drift of the second law is recorded beside that of the energy", "[bench][laws]") {
  const Experiment& table = find_table("two-body");
  const QuickRun run("two-body", {{"rows", "vanilla,tailored"}});
  const TableSpec& spec = table.spec;
  CHECK(std::ranges::count(spec.metrics, "angular_momentum_drift", &Metric::name) == 1);
  CHECK(std::ranges::count(find_table("double-pendulum").spec.metrics, "angular_momentum_drift",
                           &Metric::name) == 0);
  const RunResult result = table.run(run.context());
  for (const std::string metric : {"energy_drift", "angular_momentum_drift"}) {
    const auto of = [&](const std::string& row) {
      const auto found = select(result.records, {.row = row, .metric = metric});
      REQUIRE(found.size() == 2);
      return found.front().value;
    };
    CHECK(of("tailored") < 0.1 * of("vanilla"));
    CHECK(of("tailored") > 0);
  }
}

}  // namespace noether::bench
