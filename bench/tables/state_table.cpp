#include "bench/tables/state_table.h"

#include <fmt/format.h>

#include "bench/model/evaluation.h"
#include "bench/tables/discovered_row.h"
#include "bench/tables/quantity_quality.h"
#include "bench/tables/state_model.h"

namespace noether::bench {

const char* const training_method =
    R"(Every model is a 2-200-200-2 tanh network without an output bias (`hnn`: one output, H) in
float32, trained by 2,001 full-batch steps of Adam on mean (f(x) - dx/dt)^2, with a rate of 1e-3 and
a coupled weight decay of 1e-4, or what `--weight-decay` says. `control` and the `meta` rows then
train on from the vanilla weights, 200 steps with a fresh Adam, whose rate falls linearly from 1e-3
to 0. With `--scratch` they start from the initial weights instead, with 2,000 steps, in the last
tenth of which the rate falls; `vanilla` stays as it is. With `--quick` there are 400 steps and 60.)";

namespace {

const std::vector<RowSpec> rows{
    {"vanilla", "an MLP for dx/dt"},
    {"vanilla-noisy", "the same, of the noisy states as they were observed"},
    {"control", "vanilla and the extra training of the meta rows, without tailoring"},
    {"hnn", "Hamiltonian neural network"},
    {"tailored-sgd", "vanilla; at test time one SGD step on all weights, true H"},
    {"meta-sgd", "the same step inside training too"},
    {"tailored", "vanilla; at test time one Gauss-Newton step on the last layer, true H"},
    {"meta-oracle", "the same step inside training too"},
    {"meta-discovered", "the same with a formula found in the trajectories, no oracle"},
    {"meta-neural", "the same with a neural g learned from the trajectories, no oracle"},
};

class Run {
 public:
  Run(const TableOptions& options, const StateProblem& problem)
      : options_(options), problem_(problem) {}

  RunResult result() {
    const TrainedField vanilla = train_vanilla(problem_, problem_.task.x);
    const learn::Params start =
        problem_.scratch ? learn::initial_weights(problem_.mlp, problem_.seed, learn::DType::f32)
                         : vanilla.params;
    add("vanilla", vanilla);
    if (problem_.task.noise_std > 0 && wanted("vanilla-noisy")) {
      add("vanilla-noisy", train_vanilla(problem_, problem_.raw_x));
    }
    if (wanted("control")) add("control", fine_tune(problem_, "control", vanilla.field, start));
    if (wanted("hnn")) add("hnn", train_hnn(problem_));
    if (wanted("tailored-sgd") || wanted("meta-sgd")) add_sgd(vanilla, start);
    const learn::Field projection = projected(problem_, problem_.oracle, {});
    add("tailored", {projection, vanilla.params, 0});
    if (wanted("meta-oracle")) {
      add("meta-oracle", fine_tune(problem_, "meta-oracle", projection, start));
    }
    if (wanted("meta-discovered")) add_discovered(vanilla, start);
    if (wanted("meta-neural")) add_neural(start);
    return result_;
  }

 private:
  bool wanted(const std::string& row) const { return wants(options_, row); }

  void add(const std::string& row, const TrainedField& trained) {
    if (wanted(row)) add_row(result_, problem_, row, trained);
  }

  void add_metric(const std::string& row, const std::string& metric, double value) {
    result_.records.push_back({.row = row, .metric = metric, .value = value});
  }

  void add_sgd(const TrainedField& vanilla, const learn::Params& start) {
    const double rate = best_sgd_rate(problem_, vanilla.params);
    const learn::Field field = tailored_by_sgd(problem_, rate);
    if (wanted("tailored-sgd")) {
      add("tailored-sgd", {field, vanilla.params, 0});
      add_metric("tailored-sgd", "inner_rate", rate);
    }
    if (wanted("meta-sgd")) {
      add("meta-sgd", fine_tune(problem_, "meta-sgd", field, start));
      add_metric("meta-sgd", "inner_rate", rate);
    }
  }

  void add_discovered(const TrainedField& vanilla, const learn::Params& start) {
    const std::string row = "meta-discovered";
    const Discovered discovered = meta_train_discovered(problem_, vanilla, start);
    if (discovered.best) add(row, discovered.best->trained);
    add_formula(result_, problem_, row, discovered);
  }

  void add_neural(const learn::Params& start) {
    const NeuralField neural = meta_train_neural(problem_, start);
    add("meta-neural", neural.trained);
    const QuantityQuality quality =
        compare_quantities(neural.quantity, neural.phi, problem_.oracle, {}, problem_.task.test_x);
    add_metric("meta-neural", "pearson", quality.pearson);
    add_metric("meta-neural", "spearman", quality.spearman);
    add_metric("meta-neural", "angle", quality.angle);
  }

  const TableOptions& options_;
  const StateProblem& problem_;
  RunResult result_;
};

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
    all.push_back({row, against, noise, 3, at_3, source});
    all.push_back({row, against, noise, 10, at_10, source});
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
and coordinates. `pearson`, `spearman` and `angle` in the records compare g of `meta-neural` and
`meta-discovered` with the true H on the test states; `inner_rate` is the rate of SGD that was chosen.)",
      R"(`meta-discovered`: all formulas up to 7 nodes, fitted to the train trajectories; those that vary
100 times less than by chance are ranked by the train error of `vanilla` tailored with them, the best
20 are meta-trained (3 with `--quick`), and the one with the least train error is the row. `c0`, ... in
the records are its constants, `formulas_kept` and `formulas_tried` how many there were.)"};
}

}  // namespace

void add_row(RunResult& result, const StateProblem& problem, const std::string& row,
             const TrainedField& trained) {
  problem.report(row + ", evaluating");
  const Evaluation judged = evaluate_field(trained.field, trained.params, problem.task);
  const auto add = [&](const char* metric, double horizon, double value) {
    result.records.push_back({.row = row, .horizon = horizon, .metric = metric, .value = value});
  };
  for (std::size_t i = 0; i < judged.horizons.size(); ++i) {
    add("rmse", judged.horizons[i], judged.rmse[i]);
    if (!judged.energy_drift.empty()) {
      add("energy_drift", judged.horizons[i], judged.energy_drift[i]);
    }
  }
  add("step_mse", 0, judged.step_mse);
  add("seconds", 0, trained.seconds);
  // every third time is enough for a picture; at time 0 nothing is off yet
  for (std::size_t i = 1; i < judged.time.size(); i += 3) {
    result.curves.push_back({.row = row,
                             .horizon = judged.time[i],
                             .metric = "rmse_at",
                             .value = judged.rmse_curve[i]});
    if (judged.drift_curve.empty()) continue;
    result.curves.push_back({.row = row,
                             .horizon = judged.time[i],
                             .metric = "energy_drift_at",
                             .value = judged.drift_curve[i]});
  }
}

Experiment state_table(const std::string& name) {
  Experiment experiment;
  TableSpec& spec = experiment.spec;
  spec.name = name;
  spec.title = "Ideal " + name + ": long-term prediction with and without conservation";
  spec.rows = rows;
  spec.comparisons = compare_all(rows, std::vector<std::string>{"vanilla", "control"});
  spec.horizons = {3, 10};
  spec.noises = {0};
  spec.references = references(name);
  spec.method = method(name);
  experiment.run = [name](const TableOptions& options, double noise, std::uint64_t seed,
                          const ReportStep& report) {
    return Run(options, make_state_problem(name, noise, seed, options, report)).result();
  };
  return experiment;
}

}  // namespace noether::bench
