#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "base/error.h"
#include "bench/data/denoise.h"
#include "bench/data/generated_dataset.h"
#include "bench/data/smoothing.h"
#include "bench/tables/fields/state_problem.h"
#include "learn/autodiff/ops.h"
#include "tests/bench/tables/quick_run.h"

namespace noether::bench {
namespace {

using learn::DType;
using learn::Tensor;

double rms(const Tensor& x) { return std::sqrt(mean(square(x)).item()); }

// The train split as a file has it: noisy observations, exact derivatives.
Task from_file() {
  return load_task(generated_dataset("pendulum", {{"noise_std", "0.1"}}, 0), {.dtype = DType::f64});
}

StateProblem problem_of(const std::string& estimated, const std::string& derivative_noise = "1") {
  const QuickRun run("pendulum-noise",
                     {{"estimated", estimated + ","}, {"derivative_noise", derivative_noise}});
  return make_state_problem("pendulum", run.context());
}

std::vector<double> in_float32(const Tensor& x) { return cast(x, DType::f32).to_vector(); }

// element by element, [points, 2], as laws are sought in it
Tensor rows_of(const std::vector<std::vector<double>>& columns) {
  std::vector<double> all;
  for (std::size_t i = 0; i < columns[0].size(); ++i)
    for (const auto& column : columns) all.push_back(column[i]);
  return Tensor::from<double>(all, {static_cast<std::int64_t>(columns[0].size()), 2});
}

}  // namespace

TEST_CASE("estimated derivatives and states are those of splines of the observed states",
          "[bench][noise-table]") {
  const StateProblem problem = problem_of("1");
  const Task file = from_file();
  const SmoothTrajectories smooth = smoothed(file.x, file.trajectories, file.dt);
  REQUIRE(rms(smooth.dx_dt - file.dx_dt) > 0.01);
  CHECK(problem.task.dx_dt.to_vector() == in_float32(smooth.dx_dt));
  CHECK(problem.task.x.to_vector() == in_float32(smooth.x));
  CHECK(problem.raw_x.to_vector() == in_float32(file.x));
  // nor is the size of the noise known
  CHECK(problem.trajectories.offset_variance == 0);
  CHECK(problem.budget.pretraining.offset_variance == 0);
  // laws, choices and predictions of train data have nothing else
  CHECK(rows_of(problem.trajectories.dx_dt).to_vector() == smooth.dx_dt.to_vector());
  CHECK(rows_of(problem.trajectories.x).to_vector() == smooth.x.to_vector());
  const auto start = in_float32(problem.rehearsals[0].starts);
  CHECK(start[0] == problem.task.x.to_vector()[0]);
}

TEST_CASE("given derivatives have noise, and states are denoised by nothing better",
          "[bench][noise-table]") {
  const Task file = from_file();
  for (const std::string times : {"1", "2"}) {
    CAPTURE(times);
    const StateProblem problem = problem_of("0", times);
    const Tensor known = rows_of(problem.trajectories.dx_dt);
    // the rms of 2,250 normal numbers is known to 1 / sqrt(4500) = 1.5 %, three times that
    CHECK(rms(known - file.dx_dt) == Approx(0.1 * std::stod(times)).epsilon(0.045));
    CHECK(problem.task.dx_dt.to_vector() == in_float32(known));
    CHECK(problem.trajectories.offset_variance == Approx(0.01 / 45).epsilon(1e-12));
    CHECK(problem.budget.pretraining.offset_variance == problem.trajectories.offset_variance);
    const Tensor x = denoised(file.x, known, file.trajectories, file.dt);
    CHECK(problem.task.x.to_vector() == in_float32(x));
    CHECK(rms(x - denoised(file.x, file.dx_dt, file.trajectories, file.dt)) > 0.01);
  }
}

TEST_CASE("given derivatives without noise are the problem of table pendulum",
          "[bench][noise-table]") {
  const StateProblem problem = problem_of("0", "0");
  const QuickRun run("pendulum", {{"noise", "0.1,"}});
  const StateProblem plain = make_state_problem("pendulum", run.context());
  REQUIRE_FALSE(plain.derivatives.estimated);
  CHECK(problem.task.x.to_vector() == plain.task.x.to_vector());
  CHECK(problem.task.dx_dt.to_vector() == plain.task.dx_dt.to_vector());
  CHECK(problem.task.offset_variance == plain.task.offset_variance);
}

TEST_CASE("noise on derivatives is a noise of its own, for every trajectory and seed",
          "[bench][noise-table]") {
  const Task file = from_file();
  const Tensor noise = rows_of(problem_of("0").trajectories.dx_dt) - file.dx_dt;
  const Task clean = load_task(generated_dataset("pendulum", {{"noise_std", "0.1"}}, 0),
                               {.noise_free = true, .dtype = DType::f64});
  const Tensor on_states = file.x - clean.x;
  const auto correlation = [](const Tensor& a, const Tensor& b) {
    return mean(a * b).item() / (rms(a) * rms(b));
  };
  // three standard deviations of a correlation of 2,250 and of 1,125 pairs
  CHECK(std::abs(correlation(noise, on_states)) < 0.064);
  const std::int64_t half = 12 * file.samples;
  CHECK(std::abs(correlation(slice(noise, 0, 0, half), slice(noise, 0, half, 2 * half))) < 0.09);
}

TEST_CASE("the table says how far off the data are that it learns from", "[bench][noise-table]") {
  const auto errors = [](const std::string& estimated, const std::string& derivative_noise) {
    const QuickRun run(
        "pendulum-noise",
        {{"estimated", estimated + ","}, {"derivative_noise", derivative_noise}, {"rows", "data"}});
    std::map<std::string, double> values;
    for (const Record& record : find_table("pendulum-noise").run(run.context()).records)
      if (record.row == "data") values[record.metric] = record.value;
    return values;
  };
  const auto exact = errors("0", "0"), given = errors("0", "1"), estimated = errors("1", "1");
  CHECK(exact.at("derivative_error") == 0);
  // an offset of .1 / sqrt(45); the rms of 50 is known to 10 %, three times that
  CHECK(exact.at("state_error") == Approx(0.1 / std::sqrt(45)).epsilon(0.3));
  CHECK(given.at("derivative_error") == Approx(0.1).epsilon(0.045));  // as above
  CHECK(given.at("state_error") > exact.at("state_error"));
  const Task file = from_file();
  const Tensor slopes = smoothed(file.x, file.trajectories, file.dt).dx_dt;
  // in float32
  CHECK(estimated.at("derivative_error") == Approx(rms(slopes - file.dx_dt)).epsilon(1e-5));
}

TEST_CASE("half estimated derivatives are refused", "[bench][noise-table]") {
  CHECK_THROWS_AS(problem_of("0.5"), base::UsageError);
}

TEST_CASE("twice the data are known no better than the data", "[bench][noise-table]") {
  for (const std::string estimated : {"0", "1"}) {
    CAPTURE(estimated);
    const StateProblem problem = problem_of(estimated);
    const Task &task = problem.task, more = with_twice_the_data(problem).task;
    const std::int64_t rows = task.trajectories * task.samples;
    CHECK(slice(more.dx_dt, 0, 0, rows).to_vector() == task.dx_dt.to_vector());
    // exact derivatives of the new states would be q' = 2 p, p' = -3 sin q
    const auto misfit = [](const Tensor& x, const Tensor& dx_dt) {
      const Tensor q = slice(x, 1, 0, 1), p = slice(x, 1, 1, 2);
      return rms(concat(learn::Tensors{scale(p, 2), scale(sin(q), -3)}, 1) - dx_dt);
    };
    const double before = misfit(task.x, task.dx_dt);
    const double after =
        misfit(slice(more.x, 0, rows, 2 * rows), slice(more.dx_dt, 0, rows, 2 * rows));
    REQUIRE(before > 0.05);
    // of 25 trajectories each; nine in ten of them have the same noise and other motions
    CHECK(after == Approx(before).epsilon(0.3));
  }
}

}  // namespace noether::bench
