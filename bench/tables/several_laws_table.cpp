// The tables `two-body`, with two laws, and `double-pendulum`, whose one law no short formula
// writes: the rows of `spring` and `pendulum` where a discovered quantity has to be chosen.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/tables/fields/discovered_row.h"
#include "bench/tables/fields/outside_rows.h"
#include "bench/tables/fields/state_rows.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

struct System {
  std::string name;
  std::vector<double> horizons;  // that of the data, and three times as far
  std::string about;             // a paragraph of the method
};

// "NAME_drift" of the laws that are not followed, at each horizon: the mean over trajectories
// of |g(prediction) - g(truth)|, divided by the largest |g| among the starts.
std::vector<Record> other_drifts(const StateProblem& problem, const Evaluation& judged) {
  const Task& task = problem.task;
  std::vector<Record> records;
  const auto& names = problem.several.names;
  for (std::size_t law = 1; law < names.size(); ++law) {
    const auto component = [&](const learn::Tensor& states) {
      const learn::Tensor x = cast(states, learn::DType::f64);
      return column(problem.oracle({}, x), static_cast<std::int64_t>(law)).to_vector();
    };
    double largest = 0;
    for (const double g : component(task.starts)) largest = std::max(largest, std::abs(g));
    for (const double horizon : judged.horizons) {
      const auto n = static_cast<std::size_t>(steps_within(horizon, task.dt));
      const auto predicted = component(judged.predicted[n]), truth = component(task.truth[n]);
      double total = 0;
      for (std::size_t i = 0; i < truth.size(); ++i) total += std::abs(predicted[i] - truth[i]);
      records.push_back({.at = {{"horizon", horizon}},
                         .metric = names[law] + "_drift",
                         .value = total / static_cast<double>(truth.size()) / largest});
    }
  }
  return records;
}

RunResult judge(const StateProblem& problem, const TrainedField& trained) {
  const Evaluation judged = evaluate(trained, problem.task);
  RunResult result = state_records(problem, trained, judged);
  append(result, {.records = other_drifts(problem, judged)});
  return result;
}

std::vector<Metric> metrics(const System& system) {
  std::vector<Metric> all = state_metrics();
  if (system.name != "two-body") return all;
  const auto energy = std::ranges::find(all, "energy_drift", &Metric::name);
  all.insert(energy + 1, {.name = "angular_momentum_drift",
                          .title = "momentum drift",
                          .meaning = "the same of the angular momentum."});
  return all;
}

std::vector<std::string> method(const System& system) {
  return {fmt::format("Data: `noether generate {} --seed SEED --set noise_std=NOISE`: 50 "
                      "trajectories, the first 25 to train\non, the last 25 to test; the seed is "
                      "that of the data and of the initial weights. {}",
                      system.name, system.about),
          training_method, tailoring_method, rivals_method, several_discovery_method};
}

Experiment table_of(const System& system, const std::vector<FieldRow>& rows = state_rows()) {
  TableSpec spec{.name = system.name,
                 .title = "Ideal " + system.name + ": conservation where a law has to be chosen",
                 .axes = {noise_axis({0}), horizon_axis(system.horizons)},
                 .rows = specs_of(rows),
                 .metrics = metrics(system),
                 .rivals = state_rivals(),
                 .panels = field_panels(),
                 .settings = training_settings(),
                 .method = method(system),
                 .seed_decides = "the data and the initial weights",
                 .why_left_out = why_no_formula};
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"vanilla", "control"});
  Experiment experiment{.spec = spec, .run = [name = system.name, rows](const RunContext& run) {
                          return run_rows(rows, make_several_laws_problem(name, run), run, judge);
                        }};
  take_outside_models(experiment, system.name, [system, rows](std::vector<FieldRow> more) {
    more.insert(more.begin(), rows.begin(), rows.end());
    return table_of(system, more);
  });
  return experiment;
}

}  // namespace

Experiment two_body_table() {
  return table_of({"two-body",
                   {20, 60},
                   R"(H is
two quantities here, the energy and the angular momentum; every row that knows H conserves both. The
linear momentum is zero in all trajectories, so it tells them not apart and is left out. The masses are
1, so velocities are canonical momenta and `hnn` may take them as such. On a circular orbit the
gradients of the two laws are parallel, and the orbits are nearly circular: the rounder an orbit, the
less the second law adds.)"});
}

Experiment double_pendulum_table() {
  return table_of({"double-pendulum",
                   {3, 10},
                   R"(H is
the energy. The coordinates are angles and their canonical momenta. The motion is chaotic at the higher
energies: at 10 s an error says which predictions stay bounded, and the energy drift says more.)"});
}

}  // namespace noether::bench
