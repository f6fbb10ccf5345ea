// The table `planets`: tailoring told apart from its neighbours (Alet et al., Tailoring, NeurIPS
// 2021). One loss without labels, the change of four conserved quantities, is used in four ways,
// and on the output itself.

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "bench/planets/orbits_figure.h"
#include "bench/planets/problem.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"
#include "learn/nn/mlp.h"
#include "learn/train/minibatch.h"

namespace noether::bench {
namespace {

using learn::Field;
using learn::Params;
using learn::Tensor;

// A row: weights, and how they predict.
struct Planner {
  Params params;
  std::optional<PlanetTailoring> tailoring = {};  // nothing: as they are
  std::vector<double> rates = {};  // of sgd and adam, one of which validation chooses
  double seconds = 0;              // of training
};
using PlanetRow = Row<PlanetProblem, Planner>;
using Planners = std::span<const Planner>;
using Outcome = RowOutcome<Planner>;

constexpr double clip_norm = 1;

Planner trained(const PlanetProblem& problem, const Field& field, const Params& start,
                const learn::Training& training, const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  const learn::Hook hook{10, [&](const learn::TrainingState& state) {
                           report(fmt::format("step {} of {}", state.step, training.steps));
                         }};
  const auto objective =
      field_objective(field, problem.train.x, problem.train.y, {.batch = problem.batch});
  const auto state = train(training, learn::initial_training_state(start), objective, {hook});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return {.params = state.params, .seconds = seconds.count()};
}

// What every row but the first does after it: the same start, rate and batches.
Planner trained_on(const PlanetProblem& problem, const Field& field, const Planner& inductive,
                   std::int64_t steps, const ReportStep& report, double clip = 0) {
  return trained(problem, field, inductive.params,
                 {.steps = steps,
                  .adam = {.learning_rate = 1e-3},
                  .schedule = learn::Schedule::linear,
                  .clip_norm = clip,
                  .seed = problem.seed},
                 report);
}

PlanetRow inductive_row() {
  return {{"inductive", "a network, trained; nothing is done at test time"},
          [](const PlanetProblem& problem, Planners, const ReportStep& report) -> Outcome {
            return {.made = trained(problem, planet_field(problem),
                                    initial_weights(problem.mlp, problem.seed, learn::DType::f32),
                                    {.steps = problem.steps,
                                     .adam = {.learning_rate = 3e-3},
                                     .schedule = learn::Schedule::linear,
                                     .seed = problem.seed},
                                    report)};
          }};
}

PlanetRow more_steps_row(const RowSpec& spec, int times) {
  return {
      spec,
      [times](const PlanetProblem& problem, Planners needed, const ReportStep& report) -> Outcome {
        return {.made = trained_on(problem, planet_field(problem), needed[0],
                                   times * problem.extra_steps, report)};
      }};
}

// The weights of control, moved at test time alone.
PlanetRow at_test_row(const std::string& name, const std::string& description,
                      const PlanetTailoring& tailoring, const std::vector<double>& rates = {}) {
  return {{name, "control; " + description, {"control"}},
          [=](const PlanetProblem& problem, Planners needed, const ReportStep&) -> Outcome {
            Planner made{.params = needed[0].params, .tailoring = tailoring, .rates = rates};
            if (tailoring.moved == Moved::spread_outputs)
              made.tailoring->spread = error_spread(problem, planet_field(problem), made.params);
            return {.made = made};
          }};
}

PlanetRow meta_row(const std::string& name, const std::string& description, Moved moved) {
  return {
      {name, description, {"inductive"}},
      [moved](const PlanetProblem& problem, Planners needed, const ReportStep& report) -> Outcome {
        PlanetTailoring tailoring{.moved = moved};
        if (moved == Moved::spread_outputs)
          tailoring.spread = error_spread(problem, planet_field(problem), needed[0].params);
        Planner made = trained_on(problem, tailored_planet_field(problem, tailoring), needed[0],
                                  problem.extra_steps, report, clip_norm);
        made.tailoring = tailoring;
        return {.made = made};
      }};
}

const learn::InnerStep sgd{.rule = learn::StepRule::sgd, .by_query = true};
const learn::InnerStep adam_of_all{.rule = learn::StepRule::adam, .epsilon = 1e-12};

std::vector<PlanetRow> rows() {
  return {
      inductive_row(),
      more_steps_row(
          {"control", "inductive and the extra training of the meta rows", {"inductive"}}, 1),
      more_steps_row(
          {"control-equal-compute", "the same, sixteen times as many steps", {"inductive"}}, 16),
      at_test_row("transductive", "one gamma and one beta for all test systems together, by adam",
                  {.moved = Moved::shared_norms, .step = adam_of_all}, {1e-4, 3e-4, 1e-3, 3e-3}),
      at_test_row("output-sgd", "the prediction itself moves, by sgd",
                  {.moved = Moved::outputs, .step = sgd}, {.003, .01, .03}),
      at_test_row("output", "the prediction itself moves, by Gauss-Newton",
                  {.moved = Moved::outputs}),
      at_test_row("output-spread", "the same, in units of the spread of its errors",
                  {.moved = Moved::spread_outputs}),
      at_test_row("tailored-sgd", "gamma and beta of each query move, by sgd", {.step = sgd},
                  {.003, .01, .03, .1}),
      at_test_row("tailored", "the same, by Gauss-Newton", {}),
      at_test_row("tailored-two-laws", "the same, energy and angular momentum alone",
                  {.laws = {0, 3}}),
      meta_row("meta", "the step of tailored inside the extra training too", Moved::norms),
      meta_row("meta-output-spread", "the step of output-spread inside it", Moved::spread_outputs)};
}

double mse(const PlanetSplit& split, const Tensor& predicted) {
  return mean(square(predicted - split.y)).item();
}

// The prediction after `steps` inner steps.
Tensor predicted(const PlanetProblem& problem, const Planner& planner, const PlanetSplit& split,
                 int steps, double rate) {
  if (!planner.tailoring || steps == 0) return planet_field(problem)(planner.params, split.x);
  PlanetTailoring tailoring = *planner.tailoring;
  tailoring.step.steps = steps;
  if (rate > 0) tailoring.step.rate = Tensor::scalar(rate, learn::DType::f32);
  return tailored_planet_field(problem, tailoring)(planner.params, split.x);
}

// The rate with the least validation error after so many steps; 0 where there is none.
double chosen_rate(const PlanetProblem& problem, const Planner& planner, int steps) {
  if (steps == 0) return 0;
  double best = 0, least = std::numeric_limits<double>::infinity();
  for (const double rate : planner.rates) {
    const double error =
        mse(problem.validation, predicted(problem, planner, problem.validation, steps, rate));
    if (error >= least) continue;
    least = error;
    best = rate;
  }
  return best;
}

RunResult judge(const PlanetProblem& problem, const Planner& planner,
                const std::vector<double>& inner_steps) {
  RunResult result;
  for (const double steps : inner_steps) {
    const Coordinates at{{"inner_steps", steps}};
    const double rate = chosen_rate(problem, planner, static_cast<int>(steps));
    const Tensor y = predicted(problem, planner, problem.test, static_cast<int>(steps), rate);
    const double error = mse(problem.test, y);
    result.records.push_back({.at = at, .metric = "mse", .value = error});
    result.curves.push_back({.at = at, .metric = "mse_at", .value = error});
    const Tensor residuals = law_residuals(problem, problem.test.x, y);
    result.records.push_back(
        {.at = at, .metric = "residual", .value = std::sqrt(mean(square(residuals)).item())});
    if (rate > 0) result.records.push_back({.at = at, .metric = "inner_rate", .value = rate});
  }
  result.records.push_back({.metric = "seconds", .value = planner.seconds});
  return result;
}

// The rows; what some of them made is kept for the picture.
std::vector<PlanetRow> watched(std::vector<PlanetRow> all, std::map<std::string, Planner>& kept) {
  for (PlanetRow& row : all) {
    row.make = [&kept, row](const PlanetProblem& problem, Planners needed,
                            const ReportStep& report) {
      Outcome outcome = row.make(problem, needed, report);
      if (outcome.made) kept.insert_or_assign(row.spec.name, *outcome.made);
      return outcome;
    };
  }
  return all;
}

void draw(const PlanetProblem& problem, const std::map<std::string, Planner>& made,
          const RunContext& run) {
  std::vector<PredictedOrbits> orbits;
  for (const char* name : {"control", "tailored", "meta"}) {
    const auto found = made.find(name);
    if (found == made.end()) continue;
    orbits.push_back({name, predicted(problem, found->second, problem.test, 1, 0)});
  }
  if (run.picture.empty() || orbits.empty()) return;
  std::filesystem::create_directories(run.picture.parent_path());
  render::write_png(
      orbits_figure(problem, orbits,
                    fmt::format("test systems of seed {}: the error of {} is at its median, at 90 "
                                "and at 99 %; rings: truth, dots: predicted with one inner step",
                                run.seed, orbits.front().name)),
      run.picture);
}

RunResult run_planets(const RunContext& run) {
  const PlanetProblem problem = make_planet_problem(run);
  std::map<std::string, Planner> made;
  const auto& steps = run.settings.axes.at("inner_steps");
  const RunResult result = run_rows(watched(rows(), made), problem, run,
                                    [&](const PlanetProblem& judged, const Planner& planner) {
                                      return judge(judged, planner, steps);
                                    });
  draw(problem, made, run);
  return result;
}

constexpr const char* data_method =
    R"(Data: a star of mass 1 and two planets in a plane, G = 1. The star's place and velocity are normal with
a standard deviation of .1 an axis; a planet has a mass uniform in [.02, .1], and goes counter-clockwise
at a radius uniform in [.6, 1] or [1.2, 1.7], with the star's velocity and the speed of a circle times
1 + .1 N(0, 1). Systems where two bodies come closer than .25 within one unit of time are drawn again.
2,000 systems train, 500 validate, 1,000 test. Given the state and the masses, the state one unit of
time later is to be predicted. Inputs and targets, the changes, are standardised by the train systems;
`MSE` is that of standardised test targets. Alet et al. do not say how they drew theirs, so this design is our own.)";

constexpr const char* model_method =
    R"(The network is 14-128-128-12, tanh. Each hidden pre-activation z of a query goes on as gamma z + beta, with
gamma = 1 and beta = 0 in training, unless a step moves them. `inductive` takes 3,000 steps of 200 systems
by Adam, its rate falling linearly from 3e-3 to 0; `control` and the meta rows go on with 1,500 steps from 1e-3,
the same batches, a fresh Adam, gradients of meta rows cut to a length of 1.)";

constexpr const char* tailoring_method =
    R"(The loss of a query is the sum of squares of four residuals: the change of energy, momentum (x and y) and angular
momentum from its input to its prediction, each over the train rms of the length of its gradient by the standardised
output. A Gauss-Newton step removes all residuals to first order by the shortest move
(J J' + e (I + diag J J'))^-1, e = 1e-3, of what moves: gamma and beta of each query (`tailored`), the prediction itself (`output`), or
the prediction in units of the spread of errors that the network makes on the validation systems (`output-spread`).
`transductive` takes steps of Adam on the sum of all losses. Rates of sgd and Adam are those of the least validation
error at that number of steps. Meta rows train through one step; the columns say how many are taken at test time.)";

}  // namespace

Experiment planets_table() {
  TableSpec spec{
      .name = "planets",
      .title = "A star and two planets: tailoring told apart from its neighbours",
      .axes = {{.name = "inner_steps",
                .description = "steps at test time",
                .max = 1000,
                .values = {0, 1, 2, 5, 10},
                .quick_values = {0, 1, 2},
                .is_whole = true}},
      .rows = specs_of(rows()),
      .metrics = {{.name = "mse", .title = "MSE", .is_compared = true},
                  {.name = "residual",
                   .title = "residual",
                   .meaning = "the rms of the four residuals of the test predictions.",
                   .section = "What is left of the residuals"},
                  {.name = "seconds", .title = "training", .unit = "s", .is_time = true}},
      .rivals = {{"meta", "tailored"},
                 {"meta", "output-spread"},
                 {"meta", "meta-output-spread"},
                 {"meta", "control-equal-compute"},
                 {"tailored", "output"},
                 {"meta-output-spread", "output-spread"}},
      .panels = {{"mse_at", "MSE"}},
      .method = {data_method, model_method, tailoring_method},
      .seed_decides = "the data, the initial weights and the minibatches",
      .seeds = 5,
      .quick_seeds = 1};
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"inductive", "control"});
  return {.spec = spec, .run = run_planets};
}

}  // namespace noether::bench
