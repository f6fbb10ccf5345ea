// The table `compare`: the rows of the state tables on anybody's trajectories.

#include <algorithm>
#include <map>

#include "bench/discovery/discovery.h"
#include "bench/model/tailoring.h"
#include "bench/tables/fields/discovered_row.h"
#include "bench/tables/fields/rival_rows.h"
#include "bench/tables/fields/state_rows.h"
#include "bench/tables/fields/train_energies.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

namespace symbolic = learn::symbolic;

constexpr const char* law_metric = "law";
constexpr const char* odd_metric = "odd_dimension";

// Where H comes from.
enum class Law { none, found, stated };

// g, or a power of ten of it, by which an inner step can move the weights whatever its units are.
learn::Quantity at_usual_scale(const learn::Quantity& g, const Task& task) {
  const double factor = usual_scale(g, task.x);
  if (factor == 1) return g;
  return [=](const learn::Params& phi, const learn::Tensor& x) { return scale(g(phi, x), factor); };
}

// H is a conserved invariant that the file states as a formula; else the first formula, or all
// independent laws, found in the train data; else nothing.
Law add_law(const dataset::DatasetFile& file, StateProblem& problem) {
  Task& task = problem.task;
  const Followed stated = followed_of_file(file);
  if (stated.values && stated.is_conserved) {
    problem.oracle =
        at_usual_scale(learn::formula_quantity(stated.formula, task.coordinates), task);
    return Law::stated;
  }
  for (const symbolic::Law& law : laws_of(task, problem.trajectories)) {
    if (!law.conserved) continue;
    problem.oracle = at_usual_scale(
        learn::formula_quantity(symbolic::with_values(law.formula, law.parameters)), task);
    return Law::found;
  }
  std::vector<learn::Quantity> together;
  for (const symbolic::LinearLaw& law : independent_laws_of(task, problem.trajectories).laws)
    together.push_back(at_usual_scale(learn::formula_quantity(law.formula), task));
  if (together.empty()) return Law::none;
  problem.oracle = together.size() == 1 ? together.front() : learn::joined(together);
  return Law::found;
}

// What is followed of the predictions, where the file states nothing: the law that was found.
void follow_law(StateProblem& problem, Law law) {
  Task& task = problem.task;
  if (task.followed.values || law == Law::none) return;
  task.followed = {.name = "the law found", .values = [g = problem.oracle](const auto& states) {
                     const auto values = g({}, learn::cast(states, learn::DType::f64));
                     return (values.shape().rank() == 1 ? values : column(values, 0)).to_vector();
                   }};
}

// Shares of the longest test trajectory.
std::vector<double> horizons_of(const dataset::DatasetFile& file, const RunContext& run) {
  const double length = default_horizons(file).front();
  std::vector<double> horizons;
  for (const double share : run.settings.axes.at("horizon")) horizons.push_back(share * length);
  return horizons;
}

struct Compared {
  StateProblem problem;
  Law law = Law::none;
};

Compared make_problem(const RunContext& run) {
  run.report("reading");
  const dataset::DatasetFile file(run.data);
  Compared compared{problem_of_file(file, horizons_of(file, run), run)};
  run.report("looking for a law");
  compared.law = add_law(file, compared.problem);
  follow_law(compared.problem, compared.law);
  return compared;
}

// The horizons of records as shares of the length of the data.
RunResult in_shares(RunResult result, const StateProblem& problem,
                    const std::vector<double>& shares) {
  std::map<double, double> share_of;
  for (std::size_t i = 0; i < shares.size(); ++i) share_of[problem.task.horizons[i]] = shares[i];
  const double length = problem.task.horizons.back() / shares.back();
  for (Record& record : result.records) {
    if (const auto at = record.at.find("horizon"); at != record.at.end())
      at->second = share_of.at(at->second);
  }
  for (Record& record : result.curves) record.at.at("horizon") /= length;
  return result;
}

// The row is left out where `metric` says that it cannot be made.
FieldRow unless(FieldRow row, const std::string& metric,
                const std::function<bool(const StateProblem&)>& is_impossible) {
  row.make = [make = row.make, metric, is_impossible](const StateProblem& problem,
                                                      std::span<const TrainedField> needed,
                                                      const ReportStep& report) -> FieldOutcome {
    if (!is_impossible(problem)) return make(problem, needed, report);
    return {.measured = {.records = {{.metric = metric, .value = 0}}}};
  };
  return row;
}

FieldRow with_law(const FieldRow& row) {
  return unless(row, law_metric, [](const StateProblem& problem) { return !problem.oracle; });
}
FieldRow with_pairs(const FieldRow& row) {
  return unless(row, odd_metric,
                [](const StateProblem& problem) { return problem.task.dimension() % 2 != 0; });
}

const std::vector<FieldRow>& rows() {
  static const std::vector<FieldRow> all{vanilla_row(),
                                         noisy_row(),
                                         control_row(),
                                         with_pairs(hnn_row()),
                                         with_pairs(hnn_control_row()),
                                         with_law(tailored_row()),
                                         with_law(control_projected_row()),
                                         with_law(state_projected_row()),
                                         with_law(meta_oracle_row()),
                                         with_law(meta_first_order_row()),
                                         meta_discovered_row(),
                                         meta_neural_frozen_row(),
                                         meta_neural_row(),
                                         ensemble_row()};
  return all;
}

std::string why(const Record& record) {
  if (record.metric == law_metric) return "no law is stated by the file or found in it";
  if (record.metric == odd_metric) return "an odd number of coordinates makes no canonical pairs";
  return why_no_formula(record);
}

constexpr const char* data_method =
    R"(Data: the file given with `--data`: its train split to learn from, its test split to predict. There
is one file, so a seed is that of the initial weights alone, and a spread over seeds says nothing about
other data. A horizon is a share of the length of the test trajectories. Of imported data models learn
coordinates and derivatives over their spread, so units do not matter to them; errors are in the units
of the file, all coordinates alike. Where observations are noisy, every row but
`vanilla-noisy` learns from states denoised by integrating the derivatives. H is a conserved invariant
that the file states as a formula; else what is found in the train split: the first conserved formula,
or else all independent laws; else the rows that keep H are left out. `hnn` takes the first half of the
coordinates as places, the other half as their momenta. Energy drift is that of the file's invariant, or
of the law that was found.)";

}  // namespace

Experiment compare_table() {
  TableSpec spec{.name = "compare",
                 .title = "What conservation is worth on your trajectories",
                 .axes = {{.name = "horizon",
                           .description = "how far is predicted, over the length of the test "
                                          "trajectories",
                           .max = 1e6,
                           .values = {0.3, 1},
                           .curve_title = "time / length of a test trajectory"}},
                 .rows = specs_of(rows()),
                 .metrics = state_metrics(),
                 .rivals = state_rivals(),
                 .panels = field_panels(),
                 .settings = training_settings(),
                 .method = {data_method, training_method, tailoring_method, discovery_method},
                 .seed_decides = "the initial weights",
                 .data = "a file of trajectories, generated or imported",
                 .why_left_out = why};
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"vanilla", "control"});
  std::erase_if(spec.rivals, [](const Comparison& rival) {
    return rival.row == "meta-sgd" || rival.reference == "meta-sgd";
  });
  return {.spec = spec,
          .run =
              [](const RunContext& run) {
                const Compared compared = make_problem(run);
                const auto& shares = run.settings.axes.at("horizon");
                return run_rows(rows(), compared.problem, run,
                                [&](const StateProblem& problem, const TrainedField& trained) {
                                  return in_shares(judge_state(problem, trained), problem, shares);
                                });
              },
          .check = [](const RunContext& run) { make_problem(run); }};
}

}  // namespace noether::bench
