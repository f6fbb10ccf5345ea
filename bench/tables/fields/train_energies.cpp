#include "bench/tables/fields/train_energies.h"

#include <algorithm>
#include <cmath>

namespace noether::bench {
namespace {

// sqrt(mean x^2), of the RMSE of each trajectory: all count alike, however long
double joint_rmse(const std::vector<double>& of_each) {
  double sum = 0;
  for (const double rmse : of_each) sum += rmse * rmse;
  return std::sqrt(sum / static_cast<double>(of_each.size()));
}

}  // namespace

std::vector<Metric> train_energy_metrics() {
  const std::string section = "Where the error is";
  return {
      {.name = "rmse_inside",
       .title = "RMSE inside",
       .meaning = "over the test trajectories whose energy is between the lowest and the "
                  "highest energy of the train trajectories; the mean over seeds that have any.",
       .section = section},
      {.name = "rmse_above",
       .title = "RMSE above",
       .meaning = "over the test trajectories with more energy than every train trajectory; the "
                  "mean over seeds that have any.",
       .section = section},
      {.name = "rmse_below",
       .title = "RMSE below",
       .meaning = "over those with less energy than every train trajectory; the mean over seeds "
                  "that have any.",
       .section = section},
      {.name = "rmse_median",
       .title = "median RMSE",
       .meaning = "the median over test trajectories of the RMSE of one.",
       .section = section},
      {.name = "energy_gap",
       .title = "energy gap",
       .meaning = "the highest energy of the test trajectories minus the highest of the train "
                  "trajectories; below 0 some train trajectory has more energy than all test "
                  "trajectories.",
       .section = section}};
}

std::vector<Record> errors_by_energy(const StateProblem& problem, const Evaluation& judged) {
  if (problem.train_energies.empty()) return {};
  const auto [least, greatest] = std::ranges::minmax(problem.train_energies);
  const auto energies = problem.task.followed.values(problem.task.starts);
  std::vector<Record> records;
  for (std::size_t i = 0; i < judged.horizons.size(); ++i) {
    const Coordinates at{{"horizon", judged.horizons[i]}};
    const std::vector<double>& of_each = judged.trajectory_rmse[i];
    std::vector<double> inside, above, below;
    for (std::size_t k = 0; k < of_each.size(); ++k) {
      auto& part = energies[k] < least ? below : energies[k] > greatest ? above : inside;
      part.push_back(of_each[k]);
    }
    const auto add = [&](const std::string& metric, const std::vector<double>& part) {
      if (!part.empty()) records.push_back({.at = at, .metric = metric, .value = joint_rmse(part)});
    };
    add("rmse_inside", inside);
    add("rmse_above", above);
    add("rmse_below", below);
    records.push_back({.at = at, .metric = "rmse_median", .value = median(of_each)});
  }
  return records;
}

FieldRow data_row() {
  return {{"data", "no model: the energies of the trajectories"},
          [](const StateProblem& problem, std::span<const TrainedField>,
             const ReportStep&) -> FieldOutcome {
            const auto test = problem.task.followed.values(problem.task.starts);
            const double gap = std::ranges::max(test) - std::ranges::max(problem.train_energies);
            return {.measured = {.records = {{.metric = "energy_gap", .value = gap}}}};
          }};
}

}  // namespace noether::bench
