#pragma once

// A table whose runs take microseconds and whose every number is known: the error of row k at
// horizon h and seed s is (s + 1) h (1 - k / 10) + noise.

#include <string>
#include <utility>
#include <vector>

#include "bench/tables/tables.h"

namespace noether::bench {

inline TableSpec fake_spec() {
  TableSpec spec{.name = "fake",
                 .title = "A table of nothing",
                 .rows = {{"vanilla", "a field learned as it is"},
                          {"control", "the same, trained for longer"},
                          {"tailored", "projected onto the level sets of H"}},
                 .horizons = {3, 10},
                 .noises = {0, 0.1},
                 .references = {{"tailored", "vanilla", 0, 3, 0.691, "somebody, 8 seeds"}},
                 .method = {"By counting on fingers."}};
  const std::vector<std::string> references{"vanilla", "control"};
  spec.comparisons = compare_all(spec.rows, references);
  return spec;
}

inline double fake_error(std::size_t k, double noise, double horizon, std::uint64_t seed) {
  return static_cast<double>(seed + 1) * horizon * (1 - static_cast<double>(k) / 10) + noise;
}

inline RunResult fake_run(const TableOptions&, double noise, std::uint64_t seed,
                          const ReportStep& report) {
  RunResult result;
  const auto rows = fake_spec().rows;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const std::string& row = rows[k].name;
    report(row);
    for (const double horizon : {3.0, 10.0}) {
      const double error = fake_error(k, noise, horizon, seed);
      result.records.push_back({.row = row, .horizon = horizon, .metric = "rmse", .value = error});
      result.records.push_back(
          {.row = row, .horizon = horizon, .metric = "energy_drift", .value = error / 7});
    }
    result.records.push_back({.row = row, .metric = "step_mse", .value = 1e-5 / 3});
    for (int n = 0; n <= 10; ++n) {
      const double error = fake_error(k, noise, n, seed);
      result.curves.push_back(
          {.row = row, .horizon = 1.0 * n, .metric = "rmse_at", .value = error});
      result.curves.push_back(
          {.row = row, .horizon = 1.0 * n, .metric = "energy_drift_at", .value = error * 1e-3});
    }
  }
  return result;
}

inline Experiment fake_experiment() { return {.spec = fake_spec(), .run = fake_run}; }

inline TableOptions fake_options() { return {.seeds = {0, 1, 2}, .noises = {0, 0.1}, .jobs = 1}; }

}  // namespace noether::bench
