#include "bench/model/evaluation.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "bench/model/evaluation_report.h"
#include "dataset/exchange/import_trials.h"
#include "dataset/store/writer.h"
#include "tests/bench/tables/small_models.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using Catch::Contains;
using Catch::EndsWith;

namespace {

bench::Task spring_task(std::vector<double> horizons) {
  const test::TempFolder folder;
  test::generate_springs(folder / "a.h5");
  return bench::load_task(folder / "a.h5",
                          {.horizons = std::move(horizons), .dtype = learn::DType::f64});
}

// q^2 + p^2 of every test start
std::vector<double> start_energies(const bench::Task& task) {
  const auto starts = task.starts.to_vector();
  std::vector<double> energies;
  for (std::size_t i = 0; i < starts.size(); i += 2)
    energies.push_back(starts[i] * starts[i] + starts[i + 1] * starts[i + 1]);
  return energies;
}

}  // namespace

TEST_CASE("the exact field predicts without error", "[bench][evaluation]") {
  const auto task = spring_task({1, 5});
  const auto evaluation = bench::evaluate_field(test::linear_field(), test::spring_weights(), task);
  CHECK(evaluation.step_mse.value() < 1e-30);
  REQUIRE(evaluation.rmse.size() == 2);
  // Runge-Kutta at 2 dt = 0.02: 0.02^5 / 120 = 3e-11 a step, 500 steps
  CHECK(evaluation.rmse[1] < 1.5e-8);
  CHECK(evaluation.rmse[0] < evaluation.rmse[1]);
  // its norm falls by 0.02^6 / 144 a step
  CHECK(evaluation.energy_drift[1] < 1e-9);
  CHECK(evaluation.time.size() == 501);
  CHECK(evaluation.time.back() == Approx(5).epsilon(1e-15));  // one product
}

// Springs of 20 + 5 i points at times of their own, each a step of about 0.1, with exact slopes.
bench::Task own_times_task(std::vector<double> horizons) {
  dataset::Trials trials{
      .source = "made", .coordinates = {"q", "p"}, .units = {"", ""}, .trials = {}};
  for (int i = 0; i < 10; ++i) {
    dataset::Trial trial{std::to_string(i), {}, {}, {}};
    for (int n = 0; n < 20 + 5 * i; ++n) {
      const double t = 7 + 0.1 * n + 0.02 * std::sin(3 * n + i), q = std::sin(2 * t),
                   p = std::cos(2 * t);
      trial.times.push_back(t);
      trial.values.insert(trial.values.end(), {q, p});
      trial.derivatives.insert(trial.derivatives.end(), {2 * p, -2 * q});
    }
    trials.trials.push_back(trial);
  }
  const test::TempFolder folder;
  dataset::write_dataset(
      dataset::imported_file(trials, {.format = "csv", .command_line = "", .source_sha256 = ""})
          .layout,
      folder / "a.h5");
  return bench::load_task(folder / "a.h5",
                          {.horizons = std::move(horizons), .dtype = learn::DType::f64});
}

TEST_CASE("trials are judged at times of their own, up to their own end", "[bench][evaluation]") {
  const auto task = own_times_task({0.5, 6.2});
  CHECK(task.dt == 0);
  CHECK(task.lengths == std::vector<std::int64_t>{20, 25, 30, 35, 40, 45, 50, 55});
  CHECK(task.x.shape() == learn::Shape{300, 2});
  const auto exact = bench::evaluate_field(test::linear_field(), test::spring_weights(), task);
  CHECK(exact.step_mse.value() < 1e-30);
  // Runge-Kutta at up to 2 dt = 0.24, in two halves: 0.12^5 / 120 = 2e-7 a step, 130 steps
  CHECK(exact.rmse[1] < 3e-5);
  CHECK(exact.rmse[0] > 1e-9);

  const learn::Field still = [](const learn::Params&, const learn::Tensor& x) { return 0.0 * x; };
  const auto stays = bench::evaluate_field(still, test::spring_weights(), task);
  // by the closed form, as above, trial by trial
  for (std::size_t h = 0; h < 2; ++h) {
    double all = 0, count = 0;
    for (int i = 8; i < 10; ++i) {
      const auto time = [i](int n) { return 0.1 * n + 0.02 * std::sin(3 * n + i); };
      double own = 0, points = 0;
      for (int n = 0; n < 20 + 5 * i && time(n) - time(0) <= task.horizons[h]; ++n) {
        own += (1 - std::cos(2 * (time(n) - time(0))));  // a mean over two coordinates
        points += 1;
      }
      CHECK(stays.trajectory_rmse[h][static_cast<std::size_t>(i - 8)] ==
            Approx(std::sqrt(own / points)).epsilon(1e-12));
      all += own;
      count += points;
    }
    CHECK(stays.rmse[h] == Approx(std::sqrt(all / count)).epsilon(1e-12));
  }
}

TEST_CASE("the error of standing still is that of the data against their starts",
          "[bench][evaluation]") {
  const auto task = spring_task({3});
  const learn::Field still = [](const learn::Params&, const learn::Tensor& x) { return 0.0 * x; };
  const auto evaluation = bench::evaluate_field(still, test::spring_weights(), task);
  // by the closed form: |x(t) - x(0)|^2 = 2 r^2 (1 - cos 2t)
  const auto energies = start_energies(task);
  double squares = 0;
  for (const double r2 : energies) {
    for (int n = 0; n <= 300; ++n) squares += 2 * r2 * (1 - std::cos(2 * n * task.dt));
  }
  const double rmse = std::sqrt(squares / (2.0 * 301 * static_cast<double>(energies.size())));
  REQUIRE(rmse > 0.1);
  // the data are exact to 2e-14 beside errors of .1, in sums of hundreds
  CHECK(evaluation.rmse[0] == Approx(rmse).epsilon(1e-10));
  CHECK(evaluation.energy_drift[0] < 1e-12);
  CHECK(evaluation.rmse_curve.front() == 0);
}

// |x(t) - x(0)|^2 = 2 r^2 (1 - cos 2t): the error of each trajectory is as large as its radius
TEST_CASE("each trajectory has an error of its own, and together they are the error of all",
          "[bench][evaluation]") {
  const auto task = spring_task({1, 3});
  const learn::Field still = [](const learn::Params&, const learn::Tensor& x) { return 0.0 * x; };
  const auto evaluation = bench::evaluate_field(still, test::spring_weights(), task);
  const auto energies = start_energies(task);
  REQUIRE(evaluation.trajectory_rmse.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& own = evaluation.trajectory_rmse[i];
    const int steps = i == 0 ? 100 : 300;
    REQUIRE(own.size() == energies.size());
    double squares = 0, shape = 0;
    for (int n = 0; n <= steps; ++n) shape += 2 * (1 - std::cos(2 * n * task.dt));
    for (std::size_t k = 0; k < own.size(); ++k) {
      const double rmse = std::sqrt(energies[k] * shape / (2.0 * (steps + 1)));
      // as above
      CHECK(own[k] == Approx(rmse).epsilon(1e-10));
      squares += own[k] * own[k];
    }
    // the same squares, added in another order
    CHECK(evaluation.rmse[i] ==
          Approx(std::sqrt(squares / static_cast<double>(own.size()))).epsilon(1e-13));
  }
}

TEST_CASE("friction shows as energy drift of the right size", "[bench][evaluation]") {
  const auto task = spring_task({3});
  const double friction = 0.05;
  const auto evaluation =
      bench::evaluate_field(test::linear_field(), test::spring_weights(friction), task);
  // r falls as exp(-friction t), and E = r^2
  const auto energies = start_energies(task);
  double mean = 0;
  for (const double E : energies) mean += E / static_cast<double>(energies.size());
  const double expected = (1 - std::exp(-2 * friction * 3)) * mean / std::ranges::max(energies);
  CHECK(evaluation.energy_drift[0] == Approx(expected).epsilon(1e-6));
  CHECK(evaluation.drift_curve.front() == 0);
}

TEST_CASE("a field that diverges is reported by numbers that are not finite",
          "[bench][evaluation]") {
  const auto task = spring_task({3});
  const learn::Params explosive{{"A", learn::Tensor::from({1e200, 0, 0, 1e200}, {2, 2})}};
  const auto evaluation = bench::evaluate_field(test::linear_field(), explosive, task);
  CHECK_FALSE(std::isfinite(evaluation.rmse[0]));
}

TEST_CASE("a report says why there is no drift", "[bench][evaluation]") {
  const auto text_of = [](const bench::Task& task, const learn::Params& params) {
    const auto checkpoint = test::small_checkpoint(task);
    return to_text(
        bench::Report{&checkpoint,
                      task,
                      {{"vanilla", bench::evaluate_field(test::linear_field(), params, task)}}});
  };
  const auto task = spring_task({1, 3});
  CHECK_THAT(text_of(task, test::spring_weights()), !Contains("\n-: "));

  const learn::Params explosive{{"A", learn::Tensor::from({1e200, 0, 0, 1e200}, {2, 2})}};
  CHECK_THAT(text_of(task, explosive), EndsWith("\n-: some predicted states are not finite"));

  auto gap = task;
  gap.truth[300] = {};
  CHECK_THAT(text_of(gap, test::spring_weights()),
             EndsWith("-\n-: nothing was measured at that time"));
  // each reason once
  CHECK_THAT(text_of(gap, explosive), Contains("\n-: some predicted states are not finite\n-: "
                                               "nothing was measured at that time"));

  auto still = task;
  still.starts = 0.0 * task.starts;
  for (auto& states : still.truth) states = still.starts;
  CHECK_THAT(text_of(still, test::spring_weights()),
             EndsWith("\n-: energy is 0 at all test starts, and the drift is relative to the "
                      "largest there"));
}

TEST_CASE("a field of another shape is refused", "[bench][evaluation]") {
  const auto task = spring_task({3});
  const learn::Field narrow = [](const learn::Params&, const learn::Tensor& x) {
    return learn::slice(x, 1, 0, 1);
  };
  CHECK_THROWS_AS(bench::evaluate_field(narrow, test::spring_weights(), task), base::ShapeError);
}
