// The tables `spring` and `pendulum`: Tables 1 and 2 of Alet et al. 2021, with the rows they left
// out.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "bench/tables/fields/node_rows.h"
#include "bench/tables/fields/state_rows.h"

namespace noether::bench {
namespace {

// A number of the PyTorch prototype at both horizons.
struct Reference {
  std::string row, against;
  double noise, at_3, at_10;
  int seeds;
};

std::vector<Reference> prototype(const std::string& name) {
  if (name == "pendulum") {
    return {
        {"vanilla", "", 0, .0702, .211, 8},           {"hnn", "", 0, .0466, .109, 3},
        {"tailored", "vanilla", 0, .691, .601, 8},    {"meta-oracle", "control", 0, .723, .657, 8},
        {"meta-neural", "control", 0, .831, .775, 8}, {"vanilla-noisy", "", .1, .0726, .265, 5},
        {"meta-oracle", "control", .1, .581, .417, 5}};
  }
  return {
      {"vanilla", "", 0, .0086, .0246, 8},          {"hnn", "", 0, .0123, .0400, 3},
      {"tailored", "vanilla", 0, .963, .987, 8},    {"meta-oracle", "control", 0, .980, .979, 8},
      {"meta-neural", "control", 0, .980, .978, 8}, {"vanilla-noisy", "", .1, .0757, .239, 5},
      {"meta-oracle", "control", .1, .883, .959, 5}};
}

std::vector<ReferenceNumber> references(const std::string& name) {
  std::vector<ReferenceNumber> all;
  for (const auto& [row, against, noise, at_3, at_10, seeds] : prototype(name)) {
    const std::string source = fmt::format("PyTorch 1.13, {} seeds", seeds);
    all.push_back({row, against, {{"noise", noise}, {"horizon", 3}}, at_3, source});
    all.push_back({row, against, {{"noise", noise}, {"horizon", 10}}, at_10, source});
  }
  return all;
}

std::vector<std::string> method(const std::string& name) {
  return {"Data: `noether generate " + name +
              R"( --seed SEED --set noise_std=NOISE`: 50 trajectories, the first 25 to train
on, the last 25 to test; the seed is that of the data and of the initial weights. Where observations
are noisy, every row but `vanilla-noisy` learns from states denoised by integrating the derivatives,
which are without noise; g of `meta-neural` is then sought together with an offset a trajectory.)",
          training_method,
          tailoring_method,
          rivals_method,
          discovery_method,
          node_method};
}

// `name` is that of the dataset and of the table.
Experiment state_table(const std::string& name) {
  TableSpec spec{.name = name,
                 .title = "Ideal " + name + ": long-term prediction with and without conservation",
                 .axes = {noise_axis({0}), horizon_axis({3, 10})},
                 .rivals = node_rivals(),
                 .references = references(name),
                 .settings = training_settings(),
                 .method = method(name),
                 .seed_decides = "the data and the initial weights"};
  std::vector<FieldRow> rows = state_rows();
  std::ranges::move(node_rows(), std::back_inserter(rows));
  return state_experiment(name, std::move(spec), rows);
}

}  // namespace

Experiment spring_table() { return state_table("spring"); }
Experiment pendulum_table() { return state_table("pendulum"); }

}  // namespace noether::bench
