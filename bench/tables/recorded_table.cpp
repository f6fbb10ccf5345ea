#include "bench/tables/recorded_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "bench/tables/discovered_row.h"
#include "bench/tables/recorded_model.h"
#include "bench/tables/state_table.h"

namespace noether::bench {

namespace {

const std::vector<RowSpec> rows_of_one{
    {"vanilla", "an MLP for dx/dt"},
    {"control", "vanilla and the extra training of the meta rows, without tailoring"},
    {"hnn", "Hamiltonian neural network"},
    {"tailored", "vanilla; at test time one Gauss-Newton step on the last layer, oracle H"},
    {"meta-oracle", "the same step inside training too"},
    {"meta-discovered", "the same with a formula found in the record, no oracle"},
    {"meta-strength", "a share of the step of meta-oracle, learned with the weights"},
};

class Run {
 public:
  Run(const TableOptions& options, const Trial& trial, std::uint64_t seed, const ReportStep& report)
      : options_(options), trial_(trial), seed_(seed), report_(report) {}

  RunResult result() {
    for (const Discretisation& discretisation : discretisations()) {
      const StateProblem problem =
          make_recorded_problem(trial_, discretisation, seed_, options_, report_);
      if (result_.curves.empty()) add_truth(problem);
      add_rows(problem, discretisation.prefix);
    }
    return result_;
  }

 private:
  void add_rows(const StateProblem& problem, const std::string& prefix) {
    const auto wanted = [&](const std::string& row) { return wants(options_, prefix + row); };
    const auto add = [&](const std::string& row, const TrainedField& trained) {
      if (wanted(row)) add_row(problem, prefix + row, trained);
    };
    if (std::ranges::none_of(rows_of_one, [&](const RowSpec& row) { return wanted(row.name); }))
      return;
    const TrainedField vanilla = train_vanilla(problem, problem.task.x);
    const learn::Params start = problem.scratch
                                    ? learn::initial_weights(problem.mlp, seed_, learn::DType::f32)
                                    : vanilla.params;
    add("vanilla", vanilla);
    if (wanted("control"))
      add("control", fine_tune(problem, prefix + "control", vanilla.field, start));
    if (wanted("hnn")) add("hnn", train_hnn(problem));
    add("tailored", {projected(problem, problem.oracle, {}), vanilla.params, 0});
    if (wanted("meta-oracle")) {
      const learn::Field conserving = projected(problem, problem.oracle, {});
      add("meta-oracle", fine_tune(problem, prefix + "meta-oracle", conserving, start));
    }
    if (wanted("meta-discovered")) {
      const Discovered discovered = meta_train_discovered(problem, vanilla, start);
      if (discovered.best) add("meta-discovered", discovered.best->trained);
      add_formula(result_, problem, prefix + "meta-discovered", discovered);
    }
    if (wanted("meta-strength")) {
      const StrengthField field = meta_train_strength(problem, prefix + "meta-strength", start);
      add("meta-strength", field.trained);
      add_metric(prefix + "meta-strength", "strength", 0, field.strength);
    }
  }

  void add_metric(const std::string& row, const std::string& metric, double horizon, double value) {
    result_.records.push_back({.row = row, .horizon = horizon, .metric = metric, .value = value});
  }
  void add_point(const std::string& row, const std::string& metric, double time, double value) {
    result_.curves.push_back({.row = row, .horizon = time, .metric = metric, .value = value});
  }

  // energy lost, and the energy at each time as a share of the first of the truth
  void add_energy(const Task& task, const std::string& row, const learn::Tensors& states) {
    add_metric(row, "energy_loss", task.horizons.back(), energy_loss(trial_.energy, states));
    const double first = energies_above_origin(trial_.energy, task.starts).front();
    for (std::size_t n = 0; n < states.size(); ++n) {
      if (!states[n].defined()) continue;
      add_point(row, "energy_at", static_cast<double>(n) * task.dt,
                energies_above_origin(trial_.energy, states[n]).front() / first);
    }
  }

  void add_truth(const StateProblem& problem) {
    if (wants(options_, "record")) add_energy(problem.task, "record", problem.task.truth);
  }

  void add_row(const StateProblem& problem, const std::string& row, const TrainedField& trained) {
    report_(row + ", evaluating");
    const Task& task = problem.task;
    const Evaluation judged = evaluate_field(trained.field, trained.params, task);
    for (std::size_t i = 0; i < judged.horizons.size(); ++i)
      add_metric(row, "mse", judged.horizons[i], judged.rmse[i] * judged.rmse[i]);
    Task swapped = task;
    swapped.stepper =
        task.stepper == learn::Stepper::rk4 ? learn::Stepper::euler : learn::Stepper::rk4;
    const double rmse = evaluate_field(trained.field, trained.params, swapped).rmse.back();
    add_metric(row, "mse_swapped", task.horizons.back(), rmse * rmse);
    add_metric(row, "step_mse", 0, judged.step_mse);
    add_metric(row, "seconds", 0, trained.seconds);
    add_energy(task, row, judged.predicted);
    // at time 0 nothing is off yet
    for (std::size_t n = 1; n < judged.time.size(); ++n) {
      if (task.truth[n].defined())
        add_point(row, "mse_at", judged.time[n], judged.rmse_curve[n] * judged.rmse_curve[n]);
    }
  }

  const TableOptions& options_;
  const Trial& trial_;
  std::uint64_t seed_;
  const ReportStep& report_;
  RunResult result_;
};

// What both tables have in common.
TableSpec common_spec() {
  TableSpec spec;
  spec.rows = {{"record", "the states themselves: what friction takes of their energy"}};
  for (const Discretisation& discretisation : discretisations()) {
    for (const auto& [name, description] : rows_of_one) {
      const bool plain = discretisation.prefix.empty();
      spec.rows.push_back({discretisation.prefix + name,
                           plain ? description : description + "; forward differences, Euler map"});
    }
  }
  // each with the reference of its own discretisation, in one column
  for (const std::string reference : {"vanilla", "control"}) {
    for (const Discretisation& discretisation : discretisations()) {
      for (const RowSpec& row : rows_of_one) {
        if (row.name == reference) continue;
        spec.comparisons.push_back({.row = discretisation.prefix + row.name,
                                    .reference = discretisation.prefix + reference,
                                    .heading = reference});
      }
    }
  }
  spec.error_metric = "mse";
  spec.error_title = "MSE";
  spec.columns = {{"energy_loss", "energy loss"},
                  {"strength", "strength"},
                  {"mse_swapped", "MSE, other stepper"},
                  {"step_mse", "one-step MSE"},
                  {"seconds", "seconds"}};
  spec.panels = {{"mse_at", "squared error"}, {"energy_at", "energy / first", false, 1.3}};
  return spec;
}

// What both tables do with their record.
const std::vector<std::string> common_method{
    R"(The first 80 % of the points train, the rest test. Rows without a prefix learn dx/dt from
central differences over the real time step and are run by classical Runge-Kutta; rows with `euler-`
learn from forward differences and are run as the Euler map x + dt f(x), which those differences make
exact. No difference is taken over a gap, none over the border of the split. `/ vanilla` and
`/ control` are of the same kind: an `euler-` row is divided by `euler-vanilla` and `euler-control`.)",
    training_method,
    R"(A tailored field takes one Gauss-Newton step on its last layer at every point where it is
evaluated, on the squared rate of change of H along it. An Euler map gains energy where its field
keeps it; so an `euler-` row takes three such steps on (H(x + dt f(x)) - H(x)) / dt, the paper's own
form, and the map itself conserves H. `euler-hnn` has no such remedy. `meta-strength` takes a share s
of the way, f + s (F - f) with F the tailored field; s is trained with the weights, from 0.5. The
data alone ask for no particular s: f is free, so that whatever s < 1 leaves of its part along
grad H can be learned to be right. s weighs what training has to do, and depends on its start.)",
    R"(`meta-discovered`: all formulas up to 7 nodes whose units fit an angle and its velocity, fitted to
central differences of the train part in both discretisations; those that vary 100 times less than by
chance are ranked by the train error of `vanilla` tailored with them, the best 20 are meta-trained (3
with `--quick`), and the one with the least train error is the row. The train error is that of
predicting the train part in successive pieces, each as long as the longest horizon. In the records,
`c0`, ... are its constants, `formulas_kept` and `formulas_tried` how many there were, and `angle`,
`pearson` and `spearman` compare it with H on the test states.)",
    R"(The prediction starts at the first test point and is compared with all points of the test up to
the horizon. MSE is the mean over these times, the start included, and both coordinates; `MSE, other
stepper` is that of the same weights where Runge-Kutta and Euler change places. Friction takes energy
from the record, so that a field which conserves all of it is wrong: `energy loss` is the fall of the
straight line fitted to H(t) over the longest horizon, as a share of its start, H counted from rest.
Central differences of a swing of angular frequency w are too small by the factor
sin(w dt) / (w dt), about 0.6 % here, and a field that equalled them would be too slow by as much: an
MSE of 1e-3 to 3e-3 at the longest horizon is what they alone bring about, and rows without a prefix
that are better owe it to errors that cancel.)"};

}  // namespace

Experiment damped_table() {
  TableSpec spec = common_spec();
  spec.name = "damped-pendulum";
  spec.title = "Damped pendulum, one long record: conservation where energy is lost";
  spec.noises = {0.005};
  spec.horizons = damped_horizons();
  spec.method = common_method;
  spec.method.insert(
      spec.method.begin(),
      R"(Data: one trajectory, `noether generate damped-pendulum --n 1 --seed SEED --set t_end=47.25
--set steps=568 --set noise_std=NOISE`, made to resemble the recorded pendulum of Schmidt and Lipson:
as many points, as many of them in a swing (the ideal pendulum swings 2.2 times as fast, so all times
are half of the record's), about the noise that its differences show, and with the default friction
about the share of its energy that it loses meanwhile. H = 3 (1 - cos q) + p^2. Models learn from
noisy points; they predict from, and are compared with, states without noise. The seed is that of the
data and of the initial weights.)");
  return {.spec = spec,
          .run = [](const TableOptions& options, double noise, std::uint64_t seed,
                    const ReportStep& report) {
            report("generating");
            const Trial trial = generate_trial(noise, seed);
            return Run(options, trial, seed, report).result();
          }};
}

Experiment real_table() {
  TableSpec spec = common_spec();
  spec.name = "real-pendulum";
  spec.title = "The recorded pendulum of Schmidt and Lipson: conservation where energy is lost";
  spec.noises = {0};
  spec.horizons = real_horizons();
  spec.data =
      "the text file of Schmidt and Lipson (2009), real_pend_h_1.txt, or what `noether import "
      "lipson` makes of it";
  spec.method = common_method;
  spec.method.insert(
      spec.method.begin(),
      R"(Data: the file given with `--data`, angle o and angular velocity v as measured, points missing
here and there; nothing is added to it, so the noise is 0. H = v^2 - 2.4 cos o, the law found by hand.
There is one record, so a seed is that of the initial weights alone, and a spread over seeds says
nothing about another record.)");
  const std::string paper = "Alet et al. 2021", ours = "PyTorch 1.13";
  spec.references = {{"euler-vanilla", "", 0, 2.5, .022, paper + ", more than"},
                     {"euler-hnn", "", 0, 18, .0207, paper},
                     {"euler-meta-oracle", "", 0, 18, .0107, paper + ", by hand"},
                     {"euler-meta-discovered", "", 0, 18, .0085, paper + ", p^2 - 2.39 cos q"},
                     {"euler-vanilla", "", 0, 18, .0276, ours},
                     {"euler-control", "", 0, 18, .0190, ours},
                     {"euler-tailored", "", 0, 18, .064, ours},
                     {"euler-vanilla", "", 0, 18, .376, ours, "mse_swapped"},
                     {"euler-hnn", "", 0, 18, .061, ours, "mse_swapped"},
                     {"euler-tailored", "", 0, 18, .10, ours, "mse_swapped"},
                     {"control", "", 0, 18, .0631, ours + ", 3 seeds"},
                     {"hnn", "", 0, 18, .0538, ours + ", 3 seeds"},
                     {"meta-strength", "", 0, 18, .0518, ours + ", 3 seeds"},
                     {"meta-strength", "", 0, 0, .63, ours + ", 3 seeds", "strength"}};
  return {
      .spec = spec,
      .run =
          [](const TableOptions& options, double, std::uint64_t seed, const ReportStep& report) {
            const Trial trial = read_trial(options.data);
            return Run(options, trial, seed, report).result();
          },
      .check =
          [](const TableOptions& options) {
            if (options.noises != std::vector<double>{0}) {
              throw base::UsageError(
                  "table real-pendulum adds no noise to what was measured: leave out --noise");
            }
            const Trial trial = read_trial(options.data);
            for (const Discretisation& discretisation : discretisations())
              make_recorded_problem(trial, discretisation, 0, options, {});
          }};
}

}  // namespace noether::bench
