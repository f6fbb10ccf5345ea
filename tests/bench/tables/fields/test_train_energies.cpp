#include "bench/tables/fields/train_energies.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "bench/data/generated_dataset.h"
#include "learn/autodiff/ops.h"
#include "tests/bench/tables/quick_run.h"

namespace noether::bench {
namespace {

using Values = std::vector<double>;

// Energies q^2 + p^2 of 1, 4, 9 and 16 at the test starts; the train energies are as given.
StateProblem four_springs(const Values& train_energies) {
  StateProblem problem;
  problem.task.starts = learn::Tensor::from({1, 0, 0, 2, -3, 0, 0, 4}, {4, 2});
  problem.task.followed = followed_formula("q^2 + p^2", {"q", "p"});
  problem.train_energies = train_energies;
  return problem;
}

Evaluation evaluated(const Values& horizons, const std::vector<Values>& trajectory_rmse) {
  Evaluation judged;
  judged.horizons = horizons;
  judged.trajectory_rmse = trajectory_rmse;
  return judged;
}

Values of_metric(const std::vector<Record>& records, const std::string& metric) {
  Values values;
  for (const Record& r : select(records, {.metric = metric})) values.push_back(r.value);
  return values;
}

// The largest energy that the file states for the trajectories first, ..., last - 1, at time 0.
double largest_energy(const dataset::DatasetFile& file, std::size_t first, std::size_t last) {
  const auto energies = file.read<double>("trajectories/invariants/energy");
  const std::size_t times = file.read<double>("dimensions/time").size();
  double largest = 0;
  for (std::size_t i = first; i < last; ++i) largest = std::max(largest, energies[i * times]);
  return largest;
}

}  // namespace

TEST_CASE("test trajectories are told apart by the train energies, ends included",
          "[bench][train_energies]") {
  const Evaluation judged = evaluated({3}, {{1, 3, 4, 12}});
  // those of 4 and 9 are inside: sqrt((3^2 + 4^2) / 2)
  const auto records = errors_by_energy(four_springs({9, 5, 4}), judged);
  CHECK(of_metric(records, "rmse_inside")[0] == Approx(std::sqrt(12.5)).epsilon(1e-15));
  CHECK(of_metric(records, "rmse_above") == Values{12});
  CHECK(of_metric(records, "rmse_below") == Values{1});
  CHECK(of_metric(records, "rmse_median") == Values{3.5});
  CHECK(records[0].at == Coordinates{{"horizon", 3}});
}

TEST_CASE("where all trajectories are inside, above or below, there is no number for the others",
          "[bench][train_energies]") {
  const Evaluation judged = evaluated({3, 10}, {{1, 1, 1, 1}, {2, 2, 2, 2}});
  const auto inside = errors_by_energy(four_springs({0, 20}), judged);
  CHECK(of_metric(inside, "rmse_inside") == Values{1, 2});
  CHECK(of_metric(inside, "rmse_above").empty());
  CHECK(of_metric(inside, "rmse_below").empty());
  const auto above = errors_by_energy(four_springs({0, .5}), judged);
  CHECK(of_metric(above, "rmse_inside").empty());
  CHECK(of_metric(above, "rmse_above") == Values{1, 2});
  CHECK(of_metric(above, "rmse_below").empty());
  const auto below = errors_by_energy(four_springs({17, 20}), judged);
  CHECK(of_metric(below, "rmse_below") == Values{1, 2});
  CHECK(of_metric(below, "rmse_above").empty());
}

TEST_CASE("the gap belongs to the true energies, whatever the noise", "[bench][train_energies]") {
  for (const char* noise : {"0", "0.1"}) {
    INFO(noise);
    const QuickRun quick("pendulum", {{"noise", noise}});
    const StateProblem problem = make_state_problem("pendulum", quick.context());
    const auto row = data_row().make(problem, {}, silent);
    CHECK_FALSE(row.made);
    // the first 25 trajectories train, the others test
    const auto file = generated_dataset("pendulum", {{"noise_std", noise}}, 0);
    const double gap = largest_energy(file, 25, 50) - largest_energy(file, 0, 25);
    REQUIRE(std::abs(gap) > 1e-3);
    // the energy of a trajectory changes by 4e-15
    CHECK(of_metric(row.measured.records, "energy_gap")[0] == Approx(gap).margin(2e-14));
  }
}

}  // namespace noether::bench
