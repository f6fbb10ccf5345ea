// The table `smoothness`: do neural ODEs fit smoother curves than residual networks?

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "bench/depth/curve_figure.h"
#include "bench/depth/curve_models.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"
#include "learn/train/trainer.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

constexpr std::int64_t judged_every = 50;
constexpr int places = 401;

struct CurveProblem {
  NoisyCurve curve = {};
  std::uint64_t seed = 0;
  std::int64_t steps = 4000;
};

// A fit after some steps: how far it is from the validation points and from the truth, and the rms
// of its y''.
struct Judged {
  std::int64_t step = 0;
  double valid_rmse = std::numeric_limits<double>::infinity(), rmse = 0, bend = 0;
};

struct FittedCurve {
  CurveModel model = {};
  Params params = {};  // of `chosen`
  Judged chosen = {}, last = {};
  std::vector<Judged> all = {};
  double seconds = 0;
};
using CurveRow = Row<CurveProblem, FittedCurve>;

double rms(const Tensor& values) { return std::sqrt(mean(square(values)).item()); }

Tensor truth_at(const Tensor& x) {
  std::vector<double> y;
  for (const double place : x.to_vector()) y.push_back(curve_at(place));
  return Tensor::from<double>(y, x.shape());
}

Judged judged(const CurveModel& model, const CurveProblem& problem,
              const learn::TrainingState& state) {
  const CurvePoints& valid = problem.curve.valid;
  const Tensor x = even_places(places);
  return {.step = state.step,
          .valid_rmse = rms(model.predict(state.params, valid.x) - valid.y),
          .rmse = rms(model.predict(state.params, x) - truth_at(x)),
          .bend = rms(bend_of(model, state.params, x))};
}

FittedCurve fitted(const CurveModel& model, const CurveProblem& problem, const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  FittedCurve made{.model = model};
  const learn::Hook judge{judged_every, [&](const learn::TrainingState& state) {
                            report(fmt::format("step {} of {}", state.step, problem.steps));
                            made.all.push_back(judged(model, problem, state));
                            made.last = made.all.back();
                            if (!(made.last.valid_rmse < made.chosen.valid_rmse)) return;
                            made.chosen = made.last;
                            made.params = state.params;
                          }};
  const CurvePoints& train = problem.curve.train;
  learn::train({.steps = problem.steps, .adam = {.learning_rate = 1e-2}, .seed = problem.seed},
               learn::initial_training_state(model.start(problem.seed)),
               learn::Loss([&](const Params& params) {
                 return mean(square(model.predict(params, train.x) - train.y));
               }),
               {judge});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  made.seconds = seconds.count();
  return made;
}

std::vector<CurveRow> rows() {
  std::vector<CurveRow> all;
  for (const CurveModel& model : curve_models()) {
    all.push_back({{model.name, model.description},
                   [model](const CurveProblem& problem, std::span<const FittedCurve>,
                           const ReportStep& report) -> RowOutcome<FittedCurve> {
                     return {.made = fitted(model, problem, report)};
                   }});
  }
  return all;
}

RunResult judge(const CurveProblem&, const FittedCurve& row) {
  RunResult result;
  result.records = {{.metric = "bend", .value = row.chosen.bend},
                    {.metric = "rmse", .value = row.chosen.rmse},
                    {.metric = "valid_rmse", .value = row.chosen.valid_rmse},
                    {.metric = "steps", .value = static_cast<double>(row.chosen.step)},
                    {.metric = "last_bend", .value = row.last.bend},
                    {.metric = "last_rmse", .value = row.last.rmse},
                    {.metric = "weights", .value = static_cast<double>(learn::count(row.params))},
                    {.metric = "seconds", .value = row.seconds}};
  for (const Judged& one : row.all) {
    const Coordinates at{{"step", static_cast<double>(one.step)}};
    result.curves.push_back({.at = at, .metric = "valid_rmse_at", .value = one.valid_rmse});
    result.curves.push_back({.at = at, .metric = "bend_at", .value = one.bend});
  }
  return result;
}

CurveFit drawn(const FittedCurve& row) {
  const Tensor x = even_places(places);
  return {.name = fmt::format("{}, rms y'' {:.1f}", row.model.name, row.chosen.bend),
          .x = x.to_vector(),
          .y = row.model.predict(row.params, x).to_vector(),
          .bend = bend_of(row.model, row.params, x).to_vector()};
}

RunResult run_smoothness(const RunContext& run) {
  CurveProblem problem{.curve = make_noisy_curve(run.seed), .seed = run.seed};
  if (run.settings.quick) problem.steps = 200;
  std::vector<CurveFit> fits;
  const RunResult result =
      run_rows(rows(), problem, run, [&](const CurveProblem& given, const FittedCurve& row) {
        fits.push_back(drawn(row));
        return judge(given, row);
      });
  if (!run.picture.empty() && !fits.empty()) {
    std::filesystem::create_directories(run.picture.parent_path());
    render::write_png(curve_figure(problem.curve, fits, fmt::format("seed {}", run.seed)),
                      run.picture);
  }
  return result;
}

constexpr const char* smoothness_method =
    R"(A curve y = sin(pi x) on [-2, 2] is observed at 40 random places, with noise of .2; 40 others are for validation. The rms
of its y'' is 6.98. Every row lifts x to h = (x, 0), has g of one hidden layer of tanh (8 values in each of the four blocks
of `resnet`, 33 else), and ends with a linear layer; 170 or 171 weights in float64. Adam takes 4,000 steps with all points, at a rate of
1e-2. Every 50 steps a fit is judged by the validation points: the best one counts. Its y'' is exact, at 401 even places, and
its RMSE is that from the truth there. The seed is that of places, noise and weights.)";

}  // namespace

Experiment smoothness_table() {
  TableSpec spec{
      .name = "smoothness",
      .title = "A noisy curve: how much fits bend, of residual networks and of neural ODEs",
      .axes = {{.name = "step", .description = "of training", .max = 4000, .values = {4000}}},
      .rows = specs_of(rows()),
      .metrics = {{.name = "bend",
                   .title = "rms y''",
                   .is_compared = true,
                   .meaning = "of the fit; that of the truth is 6.98. Less is smoother."},
                  {.name = "rmse", .title = "RMSE", .is_compared = true},
                  {.name = "valid_rmse",
                   .title = "of validation",
                   .meaning = "the RMSE from the noisy validation points."},
                  {.name = "steps", .title = "steps", .meaning = "after which that was least."},
                  {.name = "last_bend",
                   .title = "rms y'' at the end",
                   .is_compared = true,
                   .meaning = "after the last step, where fits follow the noise."},
                  {.name = "last_rmse", .title = "RMSE at the end"},
                  {.name = "weights", .title = "weights"},
                  {.name = "seconds", .title = "training", .unit = "s", .is_time = true}},
      .panels = {{"valid_rmse_at", "RMSE of validation"}, {"bend_at", "rms y''"}},
      .method = {smoothness_method},
      .seed_decides = "places, noise and weights",
      .float_type = "float64",
      .seeds = 8,
      .quick_seeds = 1};
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"resnet"});
  spec.rivals = {{"neural-ode", "resnet-shared"}};
  return {.spec = spec, .run = run_smoothness};
}

}  // namespace noether::bench
