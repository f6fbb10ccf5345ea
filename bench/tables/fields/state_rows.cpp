#include "bench/tables/fields/state_rows.h"

#include <algorithm>
#include <iterator>

#include "bench/tables/fields/discovered_row.h"
#include "bench/tables/fields/outside_rows.h"
#include "bench/tables/fields/rival_rows.h"
#include "bench/tables/fields/train_energies.h"

namespace noether::bench {

const char* const tailoring_method =
    R"(A tailored field takes one inner step at every point where it is evaluated, at each stage of
each Runge-Kutta step, on the squared rate of change of g along it. The rate of plain SGD is the one
of 1e-4, 3e-4, ..., 1e-2 with the least error on the train trajectories. The error is that of
classical Runge-Kutta from the noise-free test starts, over all trajectories, times up to the horizon,
and coordinates. `pearson`, `spearman` and `angle` in the records compare g of `meta-neural`,
`meta-neural-frozen` and `meta-discovered` with the true H on the test states; `inner_rate` is the rate
of SGD that was chosen.)";

const char* const rivals_method =
    R"(`state-projected` puts every state of its prediction back onto the level set of H of its start,
x + lambda grad H(x), with lambda from five simplified Newton steps. `vanilla-2x-data` learns from 25
further trajectories of the same dataset, those after the 50, in as many steps. `ensemble` is the mean
of two fields. These two are made only with `--rows all` or by name.)";

const char* const discovery_method =
    R"(`meta-discovered`: all formulas up to 7 nodes, fitted to the train trajectories; those that vary
100 times less than by chance are ranked by the train error of `vanilla` tailored with them, the best
20 are meta-trained (3 with `--quick`), and the one with the least train error is the row. `c0`, ... in
the records are its constants, `formulas_kept` and `formulas_tried` how many there were.)";

const char* const several_discovery_method =
    R"(`meta-discovered`: two searches find candidates in the train trajectories. One fits all formulas
up to 7 nodes, or fewer where there would be more than 2e5 of them (6 for `two-body`), and keeps those
that vary 100 times less than by chance. The other finds the independent laws among the combinations of
a library of functions. Each of these laws is a candidate, and so are all of them together, because to
conserve one law does not forbid to conserve another. So are all of them with the functions that have
one value in all train trajectories: a law is found up to such functions, and may hold only where they
keep their values. But each of this may be an accident of the data, so no candidate is preferred. All
are ranked by the train error of `vanilla` tailored with them, the best 20 are meta-trained (3 with
`--quick`), and the one with the least train error is the row. `combinations_kept` in the records says
how many independent laws there were, `combinations_used` and `fixed_used` how many of them and of those
functions the row conserves. `angle` is the rms sine of the angle between the gradients of the row's g
and the span of those of the true laws, on the test states: 0 where g is a function of them.
`angle_missed` is the same with the two exchanged: 0 where g holds all of them. Both count gradients in
the directions alone in which the test states vary. `seconds` is the time of search, ranking and
all meta-training. `meta-neural` has one g, a function with one value.)";

const std::vector<FieldRow>& state_rows() {
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

std::vector<Comparison> state_rivals() {
  return {{"meta-sgd", "control-projected"},
          {"meta-oracle", "control-projected"},
          {"meta-first-order", "control-projected"},
          {"meta-discovered", "control-projected"},
          {"meta-neural-frozen", "control-projected"},
          {"meta-neural", "control-projected"},
          {"meta-first-order", "meta-oracle"},
          {"meta-neural", "meta-neural-frozen"},
          {"meta-oracle", "hnn-control"},
          {"meta-neural-frozen", "hnn-control"},
          {"meta-neural", "hnn-control"}};
}

RunResult judge_state(const StateProblem& problem, const TrainedField& trained) {
  return state_records(problem, trained, evaluate(trained, problem.task));
}

RunResult state_records(const StateProblem& problem, const TrainedField& trained,
                        const Evaluation& judged) {
  RunResult result = field_records(trained, judged);
  append(result, {.records = errors_by_energy(problem, judged)});
  return result;
}

Experiment state_experiment(const std::string& system, TableSpec spec,
                            const std::vector<FieldRow>& rows) {
  const TableSpec given = spec;
  spec.rows = specs_of(rows);
  std::vector<Metric> metrics = state_metrics();
  std::ranges::move(spec.metrics, std::back_inserter(metrics));
  spec.metrics = std::move(metrics);
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"vanilla", "control"});
  std::vector<Comparison> rivals = state_rivals();
  std::ranges::move(spec.rivals, std::back_inserter(rivals));
  spec.rivals = std::move(rivals);
  spec.panels = field_panels();
  spec.why_left_out = why_no_formula;
  Experiment experiment{.spec = spec, .run = [system, rows](const RunContext& run) {
                          return run_rows(rows, make_state_problem(system, run), run, judge_state);
                        }};
  // models elsewhere are given all trajectories, with derivatives
  const bool has_given_data = std::ranges::none_of(spec.axes, [](const Axis& axis) {
    return axis.name == "estimated" || axis.name == "trajectories";
  });
  if (has_given_data) {
    take_outside_models(experiment, system, [system, given, rows](std::vector<FieldRow> more) {
      more.insert(more.begin(), rows.begin(), rows.end());
      return state_experiment(system, given, more);
    });
  }
  return experiment;
}

std::vector<Metric> state_metrics() {
  std::vector<Metric> all = field_metrics();
  std::ranges::move(train_energy_metrics(), std::back_inserter(all));
  return all;
}

}  // namespace noether::bench
