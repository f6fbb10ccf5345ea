// The tables `damped-pendulum` and `real-pendulum`: one record of a pendulum with friction, learned
// from central differences and run by Runge-Kutta, and from forward differences and run as an Euler
// map.

#include <fmt/format.h>

#include <algorithm>

#include "bench/model/evaluation.h"
#include "bench/tables/fields/discovered_row.h"
#include "bench/tables/fields/field_rows.h"
#include "bench/tables/recorded/recorded_problem.h"

namespace noether::bench {
namespace {

// The energy that a trajectory loses, and its energy at each time as a share of the first of the
// truth.
RunResult energies_of(const StateProblem& problem, const learn::Tensors& states) {
  const Task& task = problem.task;
  RunResult result{.records = {{.at = {{"horizon", task.horizons.back()}},
                                .metric = "energy_loss",
                                .value = energy_loss(problem.oracle, states)}}};
  const double first = energies_above_origin(problem.oracle, task.starts).front();
  for (std::size_t n = 0; n < states.size(); ++n) {
    if (!states[n].defined()) continue;
    result.curves.push_back(
        {.at = {{"horizon", static_cast<double>(n) * task.dt}},
         .metric = "energy_at",
         .value = energies_above_origin(problem.oracle, states[n]).front() / first});
  }
  return result;
}

RunResult judge(const StateProblem& problem, const TrainedField& trained) {
  const Task& task = problem.task;
  const Evaluation judged = evaluate(trained, task);
  RunResult result;
  const auto add = [&](const std::string& metric, const Coordinates& at, double value) {
    result.records.push_back({.at = at, .metric = metric, .value = value});
  };
  for (std::size_t i = 0; i < judged.horizons.size(); ++i)
    add("mse", {{"horizon", judged.horizons[i]}}, judged.rmse[i] * judged.rmse[i]);
  Task swapped = task;
  swapped.stepper =
      task.stepper == learn::Stepper::rk4 ? learn::Stepper::euler : learn::Stepper::rk4;
  const double rmse = evaluate(trained, swapped).rmse.back();
  add("mse_swapped", {{"horizon", task.horizons.back()}}, rmse * rmse);
  add("step_mse", {}, judged.step_mse.value());
  add("seconds", {}, trained.seconds);
  append(result, energies_of(problem, judged.predicted));
  // at time 0 nothing is off yet
  for (std::size_t n = 1; n < judged.time.size(); ++n) {
    if (!task.truth[n].defined()) continue;
    result.curves.push_back({.at = {{"horizon", judged.time[n]}},
                             .metric = "mse_at",
                             .value = judged.rmse_curve[n] * judged.rmse_curve[n]});
  }
  return result;
}

FieldRow record_row() {
  return {{"record", "the states themselves: what friction takes of their energy"},
          [](const StateProblem& problem, std::span<const TrainedField>, const ReportStep&)
              -> FieldOutcome { return {.measured = energies_of(problem, problem.task.truth)}; }};
}

FieldRow strength_row() {
  return {{"meta-strength",
           "a share of the step of meta-oracle, learned with the weights",
           {"vanilla"}},
          [](const StateProblem& problem, std::span<const TrainedField> vanilla,
             const ReportStep& report) -> FieldOutcome {
            const auto [trained, strength] =
                meta_train_strength(problem, start_of(problem, vanilla[0]), report);
            return {.made = trained,
                    .measured = {.records = {{.metric = "strength", .value = strength}}}};
          }};
}

// The rows of one discretisation.
std::vector<FieldRow> rows_of(const Discretisation& discretisation) {
  std::vector<FieldRow> rows{vanilla_row(),  control_row(),     hnn_row(),
                             tailored_row(), meta_oracle_row(), meta_discovered_row(),
                             strength_row()};
  const std::string& prefix = discretisation.prefix;
  if (prefix.empty()) {
    rows.insert(rows.begin(), record_row());
    return rows;
  }
  for (FieldRow& row : rows) {
    row.spec.name = prefix + row.spec.name;
    row.spec.description += "; forward differences, Euler map";
    for (std::string& need : row.spec.needs) need = prefix + need;
  }
  return rows;
}

RunResult run_rows_of_both(const Trial& trial, const RunContext& run) {
  RunResult result;
  for (const Discretisation& discretisation : discretisations()) {
    const auto rows = rows_of(discretisation);
    const auto is_wanted = [&](const FieldRow& row) { return run.settings.wants(row.spec.name); };
    if (std::ranges::none_of(rows, is_wanted)) continue;
    append(result, run_rows(rows, make_recorded_problem(trial, discretisation, run), run, judge));
  }
  return result;
}

// Each row with the reference of its own discretisation, in one column.
std::vector<Comparison> comparisons() {
  std::vector<Comparison> all;
  for (const std::string reference : {"vanilla", "control"}) {
    for (const Discretisation& discretisation : discretisations()) {
      const std::string own = discretisation.prefix + reference;
      for (const FieldRow& row : rows_of(discretisation)) {
        const std::string& name = row.spec.name;
        if (name != own && name != "record")
          all.push_back({.row = name, .reference = own, .heading = reference});
      }
    }
  }
  return all;
}

// What both tables have in common.
TableSpec common_spec() {
  TableSpec spec;
  for (const Discretisation& discretisation : discretisations()) {
    for (const FieldRow& row : rows_of(discretisation)) spec.rows.push_back(row.spec);
  }
  spec.comparisons = comparisons();
  spec.metrics = {{.name = "mse", .title = "MSE", .is_compared = true},
                  {.name = "energy_loss", .title = "energy loss"},
                  {.name = "strength", .title = "strength"},
                  {.name = "mse_swapped", .title = "MSE, other stepper"},
                  {.name = "step_mse", .title = "one-step MSE"},
                  {.name = "seconds", .title = "training", .unit = "s", .is_time = true}};
  spec.panels = {{"mse_at", "squared error"}, {"energy_at", "energy / first", false, 1.3}};
  spec.settings = training_settings();
  spec.why_left_out = why_no_formula;
  return spec;
}

std::vector<ReferenceNumber> real_references() {
  const std::string paper = "Alet et al. 2021", ours = "PyTorch 1.13";
  return {{"euler-vanilla", "", {{"horizon", 2.5}}, .022, paper + ", more than"},
          {"euler-hnn", "", {{"horizon", 18}}, .0207, paper},
          {"euler-meta-oracle", "", {{"horizon", 18}}, .0107, paper + ", by hand"},
          {"euler-meta-discovered", "", {{"horizon", 18}}, .0085, paper + ", p^2 - 2.39 cos q"},
          {"euler-vanilla", "", {{"horizon", 18}}, .0276, ours},
          {"euler-control", "", {{"horizon", 18}}, .0190, ours},
          {"euler-tailored", "", {{"horizon", 18}}, .064, ours},
          {"euler-vanilla", "", {{"horizon", 18}}, .376, ours, "mse_swapped"},
          {"euler-hnn", "", {{"horizon", 18}}, .061, ours, "mse_swapped"},
          {"euler-tailored", "", {{"horizon", 18}}, .10, ours, "mse_swapped"},
          {"control", "", {{"horizon", 18}}, .0631, ours + ", 3 seeds"},
          {"hnn", "", {{"horizon", 18}}, .0538, ours + ", 3 seeds"},
          {"meta-strength", "", {{"horizon", 18}}, .0518, ours + ", 3 seeds"},
          {"meta-strength", "", {}, .63, ours + ", 3 seeds", "strength"}};
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

// The paragraphs of a table: where its record comes from, and the rest.
std::vector<std::string> method_from(const std::string& data) {
  std::vector<std::string> method{data};
  method.insert(method.end(), common_method.begin(), common_method.end());
  return method;
}

}  // namespace

Experiment damped_table() {
  TableSpec spec = common_spec();
  spec.name = "damped-pendulum";
  spec.title = "Damped pendulum, one long record: conservation where energy is lost";
  spec.axes = {noise_axis({0.005}), horizon_axis({1.25, 4.5, 9})};  // 15, 54 and 108 time steps
  spec.seed_decides = "the data and the initial weights";
  spec.method = method_from(
      R"(Data: one trajectory, `noether generate damped-pendulum --n 1 --seed SEED --set t_end=47.25
--set steps=568 --set noise_std=NOISE`, made to resemble the recorded pendulum of Schmidt and Lipson:
as many points, as many of them in a swing (the ideal pendulum swings 2.2 times as fast, so all times
are half of the record's), about the noise that its differences show, and with the default friction
about the share of its energy that it loses meanwhile. H = 3 (1 - cos q) + p^2. Models learn from
noisy points; they predict from, and are compared with, states without noise. The seed is that of the
data and of the initial weights.)");
  return {.spec = spec, .run = [](const RunContext& run) {
            run.report("generating");
            return run_rows_of_both(generate_trial(run.at.at("noise"), run.seed), run);
          }};
}

Experiment real_table() {
  TableSpec spec = common_spec();
  spec.name = "real-pendulum";
  spec.title = "The recorded pendulum of Schmidt and Lipson: conservation where energy is lost";
  spec.axes = {horizon_axis({2.5, 9, 18})};  // 15, 54 and 108 time steps
  spec.data =
      "the text file of Schmidt and Lipson (2009), real_pend_h_1.txt, or what `noether import "
      "lipson` makes of it";
  spec.method = method_from(
      R"(Data: the file given with `--data`, angle o and angular velocity v as measured, points missing
here and there; nothing is added to it. H = v^2 - 2.4 cos o, the law found by hand.
There is one record, so a seed is that of the initial weights alone, and a spread over seeds says
nothing about another record.)");
  spec.references = real_references();
  return {.spec = spec,
          .run = [](const RunContext& run) { return run_rows_of_both(read_trial(run.data), run); },
          .check =
              [](const RunContext& run) {
                const Trial trial = read_trial(run.data);
                for (const Discretisation& discretisation : discretisations())
                  make_recorded_problem(trial, discretisation, run);
              }};
}

}  // namespace noether::bench
