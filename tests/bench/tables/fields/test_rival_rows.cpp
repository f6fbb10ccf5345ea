#include "bench/tables/fields/rival_rows.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.h"
#include "bench/model/evaluation.h"
#include "learn/autodiff/ops.h"
#include "learn/models/vanilla.h"
#include "tests/bench/tables/quick_run.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

using learn::Tensor;

// The quick problem with a small network and a few steps.
StateProblem small_problem(const dataset::Overrides& overrides = {}) {
  const QuickRun run("pendulum", overrides);
  StateProblem problem = make_state_problem("pendulum", run.context());
  problem.mlp.widths = {2, 20, 2};
  problem.budget = {
      .steps = 5, .fine_tune_steps = 4, .pretraining = {.ratio_steps = 5, .angle_steps = 20}};
  return problem;
}

TrainedField made(const FieldRow& row, const StateProblem& problem,
                  const std::vector<TrainedField>& needed = {}) {
  return row.make(problem, needed, silent).made.value();
}

std::vector<double> values_of(const learn::Params& params) {
  return learn::ravel(params.tensors()).to_vector();
}

// The largest change of H along the predictions from the test starts.
double drift(const StateProblem& problem, const TrainedField& row) {
  const Evaluation judged = evaluate_field(row.field, row.params, problem.task, row.after_step);
  const Tensor start = problem.oracle({}, judged.predicted.front());
  double worst = 0;
  for (const Tensor& x : judged.predicted)
    worst = std::max(worst, test::size_of(problem.oracle({}, x) - start));
  return worst;
}

}  // namespace

TEST_CASE("twice the data are those there were and as many new ones", "[bench][rivals]") {
  for (const std::string noise : {"0,", "0.1,"}) {
    CAPTURE(noise);
    const StateProblem problem = small_problem({{"noise", noise}});
    const StateProblem larger = with_twice_the_data(problem);
    const Task &task = problem.task, &more = larger.task;
    const std::int64_t rows = task.trajectories * task.samples;
    REQUIRE(more.x.shape() == learn::Shape{2 * rows, 2});
    REQUIRE(more.dx_dt.shape() == more.x.shape());
    CHECK(more.trajectories == 50);
    CHECK(slice(more.x, 0, 0, rows).to_vector() == task.x.to_vector());
    CHECK(slice(more.dx_dt, 0, 0, rows).to_vector() == task.dx_dt.to_vector());
    CHECK(more.starts.to_vector() == task.starts.to_vector());
    // q' = 2 p and p' = -3 sin q: the offset that denoising leaves, .1 / sqrt(45), a few times
    const Tensor x = slice(more.x, 0, rows, 2 * rows), dx = slice(more.dx_dt, 0, rows, 2 * rows);
    const Tensor q = slice(x, 1, 0, 1), p = slice(x, 1, 1, 2);
    const Tensor rate = concat(learn::Tensors{scale(p, 2), scale(sin(q), -3)}, 1);
    CHECK(test::size_of(rate - dx) < (noise == "0," ? 1e-6 : 0.2));
    CHECK(test::size_of(rate - dx) > 0);
    // none of the new trajectories begins where one of the others does
    const auto starts = cast(task.starts, learn::DType::f32).to_vector();
    const auto known = task.dx_dt.to_vector(), found = dx.to_vector();
    for (std::int64_t i = 0; i < task.trajectories; ++i) {
      const auto first = static_cast<std::size_t>(2 * i * task.samples);
      for (std::int64_t j = 0; j < task.trajectories; ++j) {
        CHECK(found[first] != known[static_cast<std::size_t>(2 * j * task.samples)]);
        CHECK(found[first] != 2 * starts[static_cast<std::size_t>(2 * j + 1)]);
      }
    }
  }
}

TEST_CASE("control-projected has the weights of control and conserves H", "[bench][rivals]") {
  const StateProblem problem = small_problem();
  const TrainedField vanilla = made(vanilla_row(), problem);
  const TrainedField control = made(control_row(), problem, {vanilla});
  const TrainedField projected = made(control_projected_row(), problem, {control});
  CHECK(values_of(projected.params) == values_of(control.params));
  REQUIRE(drift(problem, control) > 0.1);
  // what Runge-Kutta leaves at a step of 3/44 s
  CHECK(drift(problem, projected) < 1e-3);
}

TEST_CASE("state-projected has the field of vanilla and conserves H", "[bench][rivals]") {
  const StateProblem problem = small_problem();
  const TrainedField vanilla = made(vanilla_row(), problem);
  const TrainedField projected = made(state_projected_row(), problem, {vanilla});
  const Tensor& x = problem.task.test_x;
  CHECK(projected.field(projected.params, x).to_vector() ==
        vanilla.field(vanilla.params, x).to_vector());
  REQUIRE(drift(problem, vanilla) > 0.1);
  // float32 rounds H, which is below 8, by 5e-7
  CHECK(drift(problem, projected) < 2e-6);
  // the records are those of the corrected prediction
  const auto rmse = [&](const TrainedField& row) {
    return select(judge_field(problem, row).records, {.metric = "rmse"}).back().value;
  };
  CHECK(rmse(projected) != rmse(vanilla));
}

TEST_CASE("hnn-control goes on from hnn, or with scratch from where that began",
          "[bench][rivals]") {
  for (const std::string scratch : {"no", "yes"}) {
    const StateProblem problem = small_problem({{"scratch", scratch}});
    const TrainedField hnn = made(hnn_row(), problem);
    const TrainedField control = made(hnn_control_row(), problem, {hnn});
    CHECK(values_of(control.start) == values_of(scratch == "yes" ? hnn.start : hnn.params));
    CHECK(values_of(hnn.start) != values_of(hnn.params));
    CHECK(values_of(control.params) != values_of(control.start));
  }
}

TEST_CASE("the ensemble is the mean of two networks from other weights", "[bench][rivals]") {
  const StateProblem problem = small_problem();
  const TrainedField vanilla = made(vanilla_row(), problem);
  const TrainedField mean = made(ensemble_row(), problem, {vanilla});
  const Tensor& x = problem.task.test_x;
  const Tensor first = vanilla.field(vanilla.params, x), both = mean.field(mean.params, x);
  StateProblem other = problem;
  other.seed = base::RandomStream(problem.seed, base::Purpose::ensemble, 0).bits();
  const TrainedField alone = train_vanilla(other, other.task.x, silent);
  const Tensor second = alone.field(alone.params, x);
  CHECK(test::difference(second, first) > 0.1);
  CHECK(both.to_vector() == scale(first + second, 0.5).to_vector());
}

TEST_CASE("a frozen g stays as it was pre-trained, the other one goes on from there",
          "[bench][state]") {
  const StateProblem problem = small_problem();
  const TrainedField vanilla = made(vanilla_row(), problem);
  const TrainedField frozen = made(meta_neural_frozen_row(), problem, {vanilla});
  const TrainedField joint = made(meta_neural_row(), problem, {vanilla, frozen});
  const auto pretrained = values_of(pretrained_quantity(problem, silent).phi);
  CHECK(values_of(frozen.neural->phi) == pretrained);
  CHECK(values_of(joint.neural->phi) != pretrained);
  CHECK(values_of(frozen.params) != values_of(vanilla.params));
  CHECK(values_of(frozen.params) != values_of(joint.params));
  CHECK(frozen.params.size() == vanilla.params.size());
}

TEST_CASE("little data are the first trajectories, and the test is the same", "[bench][state]") {
  const auto problem_of = [](const std::string& trajectories) {
    const QuickRun run("pendulum-trajectories", {{"trajectories", trajectories}});
    return make_state_problem("pendulum", run.context());
  };
  const StateProblem all = problem_of("25"), few = problem_of("3");
  const std::int64_t rows = 3 * all.task.samples;
  CHECK(few.task.trajectories == 3);
  CHECK(few.task.x.to_vector() == slice(all.task.x, 0, 0, rows).to_vector());
  CHECK(few.task.dx_dt.to_vector() == slice(all.task.dx_dt, 0, 0, rows).to_vector());
  CHECK(few.raw_x.to_vector() == few.task.x.to_vector());  // there is no noise
  CHECK(few.trajectories.points() == rows);
  CHECK(few.rehearsals[0].starts.shape() == learn::Shape{3, 2});
  CHECK(few.train_energies.size() == static_cast<std::size_t>(rows));
  CHECK(few.task.starts.to_vector() == all.task.starts.to_vector());
  CHECK(few.budget.steps == 200);
}

TEST_CASE("rows that are dear are made only where they are asked for", "[bench][rivals]") {
  for (const std::string table : {"spring", "pendulum"}) {
    const TableSpec& spec = find_table(table).spec;
    const TableSettings by_default = make_settings(spec, {});
    const TableSettings all = make_settings(spec, {{"rows", "all"}});
    for (const std::string row : {"vanilla-2x-data", "ensemble"}) {
      CHECK_FALSE(by_default.wants(row));
      CHECK(all.wants(row));
    }
    CHECK(by_default.wants("control-projected"));
    // every rival is a row
    CHECK_FALSE(spec.rivals.empty());
    for (const Comparison& comparison : spec.rivals) {
      CHECK(all.wants(comparison.row));
      CHECK(all.wants(comparison.reference));
    }
  }
}

}  // namespace noether::bench
