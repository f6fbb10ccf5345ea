// The tables `spring` and `pendulum`: Tables 1 and 2 of Alet et al. 2021, with the rows they left
// out.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "bench/tables/discovered_row.h"
#include "bench/tables/field_rows.h"
#include "bench/tables/rival_rows.h"
#include "bench/tables/train_energies.h"

namespace noether::bench {
namespace {

const std::vector<FieldRow>& rows() {
  static const std::vector<FieldRow> all{vanilla_row(),           noisy_row(),
                                         control_row(),           hnn_row(),
                                         hnn_control_row(),       tailored_sgd_row(),
                                         meta_sgd_row(),          tailored_row(),
                                         control_projected_row(), state_projected_row(),
                                         meta_oracle_row(),       meta_first_order_row(),
                                         meta_discovered_row(),   meta_neural_frozen_row(),
                                         meta_neural_row(),       twice_the_data_row(),
                                         ensemble_row(),          data_row()};
  return all;
}

// Meta-training against a step at test time alone, after the same training, and against its own
// variants; what learns its quantity against the model that learns one as its H.
std::vector<Comparison> rivals() {
  return {{"meta-sgd", "control-projected"},           {"meta-oracle", "control-projected"},
          {"meta-first-order", "control-projected"},   {"meta-discovered", "control-projected"},
          {"meta-neural-frozen", "control-projected"}, {"meta-neural", "control-projected"},
          {"meta-first-order", "meta-oracle"},         {"meta-neural", "meta-neural-frozen"},
          {"meta-neural-frozen", "hnn-control"},       {"meta-neural", "hnn-control"}};
}

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
  return {
      "Data: `noether generate " + name +
          R"( --seed SEED --set noise_std=NOISE`: 50 trajectories, the first 25 to train
on, the last 25 to test; the seed is that of the data and of the initial weights. Where observations
are noisy, every row but `vanilla-noisy` learns from states denoised by integrating the derivatives,
which are without noise; g of `meta-neural` is then sought together with an offset a trajectory.)",
      training_method,
      R"(A tailored field takes one inner step at every point where it is evaluated, at each stage of
each Runge-Kutta step, on the squared rate of change of g along it. The rate of plain SGD is the one
of 1e-4, 3e-4, ..., 1e-2 with the least error on the train trajectories. The error is that of
classical Runge-Kutta from the noise-free test starts, over all trajectories, times up to the horizon,
and coordinates. `pearson`, `spearman` and `angle` in the records compare g of `meta-neural`,
`meta-neural-frozen` and `meta-discovered` with the true H on the test states; `inner_rate` is the rate
of SGD that was chosen.)",
      R"(`state-projected` puts every state of its prediction back onto the level set of H of its start,
x + lambda grad H(x), with lambda from five simplified Newton steps. `vanilla-2x-data` learns from 25
further trajectories of the same dataset, those after the 50, in as many steps. `ensemble` is the mean
of two fields. These two are made only with `--rows all` or by name.)",
      R"(`meta-discovered`: all formulas up to 7 nodes, fitted to the train trajectories; those that vary
100 times less than by chance are ranked by the train error of `vanilla` tailored with them, the best
20 are meta-trained (3 with `--quick`), and the one with the least train error is the row. `c0`, ... in
the records are its constants, `formulas_kept` and `formulas_tried` how many there were.)"};
}

RunResult judge(const StateProblem& problem, const TrainedField& trained) {
  const Evaluation judged = evaluate(trained, problem.task);
  RunResult result = field_records(trained, judged);
  append(result, {.records = errors_by_energy(problem, judged)});
  return result;
}

// Of judge and of data_row.
std::vector<Metric> metrics() {
  std::vector<Metric> all = field_metrics();
  std::ranges::move(train_energy_metrics(), std::back_inserter(all));
  return all;
}

// `name` is that of the dataset and of the table.
Experiment state_table(const std::string& name) {
  TableSpec spec{.name = name,
                 .title = "Ideal " + name + ": long-term prediction with and without conservation",
                 .axes = {noise_axis({0}), horizon_axis({3, 10})},
                 .rows = specs_of(rows()),
                 .metrics = metrics(),
                 .panels = field_panels(),
                 .references = references(name),
                 .settings = training_settings(),
                 .method = method(name),
                 .seed_decides = "the data and the initial weights",
                 .why_left_out = why_no_formula};
  spec.rivals = rivals();
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"vanilla", "control"});
  return {.spec = spec, .run = [name](const RunContext& run) {
            return run_rows(rows(), make_state_problem(name, run), run, judge);
          }};
}

}  // namespace

Experiment spring_table() { return state_table("spring"); }
Experiment pendulum_table() { return state_table("pendulum"); }

}  // namespace noether::bench
