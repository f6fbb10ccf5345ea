#pragma once

// A table whose runs take microseconds and whose every number is known: the error of row k at
// horizon h and seed s is (s + 1) h (1 - k / 10) + noise.

#include <string>
#include <utility>
#include <vector>

#include "bench/table/rows.h"
#include "bench/table/run_table.h"

namespace noether::bench {

// What a row is made of, and what it comes to: its number k.
struct FakeProblem {
  double noise = 0;
  std::uint64_t seed = 0;
};
using FakeRow = Row<FakeProblem, int>;

inline double fake_error(int k, double noise, double horizon, std::uint64_t seed) {
  return static_cast<double>(seed + 1) * horizon * (1 - k / 10.0) + noise;
}

inline std::vector<FakeRow> fake_rows() {
  const auto number = [](int k) {
    return [k](const FakeProblem&, std::span<const int>, const ReportStep&) -> RowOutcome<int> {
      return {.made = k};
    };
  };
  return {{{"vanilla", "a field learned as it is"}, number(0)},
          {{"control", "the same, trained for longer", {"vanilla"}}, number(1)},
          {{"tailored", "projected onto the level sets of H", {"vanilla"}}, number(2)}};
}

inline TableSpec fake_spec() {
  TableSpec spec{
      .name = "fake",
      .title = "A table of nothing",
      .axes = {{.name = "noise",
                .description = "standard deviations",
                .max = 10,
                .values = {0, 0.1},
                .is_swept = true},
               {.name = "horizon",
                .description = "how far",
                .unit = "s",
                .max = 100,
                .values = {3, 10},
                .curve_title = "time"}},
      .rows = specs_of(fake_rows()),
      .metrics = {{.name = "rmse", .title = "RMSE", .is_compared = true},
                  {.name = "energy_drift", .title = "energy drift"},
                  {.name = "step_mse", .title = "one-step MSE", .meaning = "one step ahead."},
                  {.name = "seconds", .title = "training", .unit = "s", .is_time = true}},
      .panels = {{"rmse_at", "RMSE"}, {"energy_drift_at", "energy drift"}},
      .references =
          {{"tailored", "vanilla", {{"noise", 0}, {"horizon", 3}}, 0.691, "somebody, 8 seeds"}},
      .settings = {switch_setting("scratch", "every row trains from scratch"),
                   {"weight_decay", 1e-4, 0, 1, "1", "of every training"}},
      .method = {"By counting on fingers."}};
  const std::vector<std::string> references{"vanilla", "control"};
  spec.comparisons = compare_all(spec.rows, references);
  spec.why_left_out = [](const Record& r) -> std::string {
    if (r.metric != "tries") return "";
    return r.value > 0 ? "all tries failed" : "there was nothing to try";
  };
  return spec;
}

inline RunResult judge_fake(const FakeProblem& problem, int k) {
  RunResult result;
  for (const double horizon : {3.0, 10.0}) {
    const double error = fake_error(k, problem.noise, horizon, problem.seed);
    const Coordinates at{{"horizon", horizon}};
    result.records.push_back({.at = at, .metric = "rmse", .value = error});
    result.records.push_back({.at = at, .metric = "energy_drift", .value = error / 7});
  }
  result.records.push_back({.metric = "step_mse", .value = 1e-5 / 3});
  for (int n = 0; n <= 10; ++n) {
    const double error = fake_error(k, problem.noise, n, problem.seed);
    const Coordinates at{{"horizon", 1.0 * n}};
    result.curves.push_back({.at = at, .metric = "rmse_at", .value = error});
    result.curves.push_back({.at = at, .metric = "energy_drift_at", .value = error * 1e-3});
  }
  return result;
}

inline RunResult fake_run(const RunContext& run) {
  return run_rows(fake_rows(), FakeProblem{run.at.at("noise"), run.seed}, run, judge_fake);
}

inline Experiment fake_experiment() { return {.spec = fake_spec(), .run = fake_run}; }

inline TableSettings fake_settings(dataset::Overrides overrides = {}) {
  overrides.try_emplace("seeds", "3");
  return make_settings(fake_spec(), overrides);
}

inline TableOptions fake_options(const dataset::Overrides& overrides = {}) {
  return {.settings = fake_settings(overrides), .jobs = 1};
}

}  // namespace noether::bench
