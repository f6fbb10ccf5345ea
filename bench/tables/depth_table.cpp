// The table `depth`: residual networks and neural ODEs on one spiral that was observed at irregular
// times.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "bench/depth/depth_figure.h"
#include "bench/depth/depth_models.h"
#include "bench/depth/spiral.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"
#include "learn/train/trainer.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

struct DepthProblem {
  Spiral spiral = {};
  std::uint64_t seed = 0;
  int steps = 2000;
};

// A trained row.
struct Trained {
  DepthModel model = {};
  Params params = {};
  double loss = 0, seconds = 0;
};
using DepthRow = Row<DepthProblem, Trained>;

std::vector<double> gaps_of(const std::vector<double>& times) {
  std::vector<double> gaps;
  for (std::size_t n = 1; n < times.size(); ++n) gaps.push_back(times[n] - times[n - 1]);
  return gaps;
}

// On pairs of neighbouring observations.
Trained trained(const DepthModel& model, const DepthProblem& problem, const ReportStep& report) {
  const Tensor& all = problem.spiral.observed;
  const std::int64_t n = all.shape()[0];
  const Tensor from = slice(all, 0, 0, n - 1), to = slice(all, 0, 1, n);
  const auto gaps = gaps_of(problem.spiral.times);
  const auto begin = std::chrono::steady_clock::now();
  const learn::Hook hook{10, [&](const learn::TrainingState& state) {
                           report(fmt::format("step {} of {}", state.step, problem.steps));
                         }};
  const learn::Loss loss = [&](const Params& params) {
    return mean(square(model.advance(params, from, gaps) - to));
  };
  const auto state = learn::train(
      {.steps = problem.steps,
       .adam = {.learning_rate = 1e-2},
       .schedule = learn::Schedule::linear,
       .seed = problem.seed},
      learn::initial_training_state(initial_weights(model.mlp, problem.seed, learn::DType::f64)),
      loss, {hook});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return {.model = model,
          .params = state.params,
          .loss = loss(state.params).item(),
          .seconds = seconds.count()};
}

std::vector<DepthRow> rows() {
  std::vector<DepthRow> all;
  for (const DepthModel& model : depth_models()) {
    all.push_back({{model.name, model.description},
                   [name = model.name](const DepthProblem& problem, std::span<const Trained>,
                                       const ReportStep& report) -> RowOutcome<Trained> {
                     // anew, because several runs count their evaluations at a time
                     const auto models = depth_models();
                     const auto own = std::ranges::find(models, name, &DepthModel::name);
                     return {.made = trained(*own, problem, report)};
                   }});
  }
  return all;
}

// What a prediction from the first, exact state is off by, at the other times.
struct Path {
  learn::Tensors states;
  std::vector<double> squares;  // the mean over both coordinates, at each time
  double evaluations = 0;       // an interval
};

Path path_of(const DepthProblem& problem, const Trained& row) {
  const auto& times = problem.spiral.other_times;
  const Tensor start = Tensor::from<double>(spiral_at(0), {1, 2});
  const std::int64_t before = *row.model.evaluations;
  Path path{.states = row.model.follow(row.params, start, times), .squares = {}};
  path.evaluations =
      static_cast<double>(*row.model.evaluations - before) / static_cast<double>(times.size() - 1);
  for (std::size_t n = 0; n < times.size(); ++n) {
    const Tensor truth = Tensor::from<double>(spiral_at(times[n]), {1, 2});
    path.squares.push_back(mean(square(path.states[n] - truth)).item());
  }
  return path;
}

RunResult judge(const DepthProblem& problem, const Trained& row, const Path& path) {
  RunResult result;
  double within = 0, beyond = 0;
  int count_within = 0, count_beyond = 0;
  const auto& times = problem.spiral.other_times;
  for (std::size_t n = 1; n < times.size(); ++n) {
    const bool is_within = times[n] <= problem.spiral.observed_until;
    (is_within ? within : beyond) += path.squares[n];
    ++(is_within ? count_within : count_beyond);
    result.curves.push_back(
        {.at = {{"time", times[n]}}, .metric = "error_at", .value = std::sqrt(path.squares[n])});
  }
  result.records = {{.metric = "rmse", .value = std::sqrt(within / count_within)},
                    {.metric = "rmse_beyond", .value = std::sqrt(beyond / count_beyond)},
                    {.metric = "pair_rmse", .value = std::sqrt(row.loss)},
                    {.metric = "evaluations", .value = path.evaluations},
                    {.metric = "weights", .value = static_cast<double>(learn::count(row.params))},
                    {.metric = "seconds", .value = row.seconds}};
  return result;
}

PlaneFits figure_of(const Spiral& spiral, const std::vector<PlaneFit>& fits, std::uint64_t seed) {
  PlaneFits figure{.title = "One spiral, observed at irregular times: layers and flows",
                   .caption = fmt::format("seed {}; predicted at other times", seed),
                   .fits = fits};
  for (int i = 0; i <= 600; ++i) {
    const double t = spiral.predicted_until * i / 600;
    const auto at = spiral_at(t);
    figure.truth.t.push_back(t);
    figure.truth.x.push_back(at[0]);
    figure.truth.y.push_back(at[1]);
  }
  learn::Tensors points;
  for (std::int64_t n = 0; n < spiral.observed.shape()[0]; ++n)
    points.push_back(slice(spiral.observed, 0, n, n + 1));
  figure.observed = plane_motion(spiral.times, points);
  return figure;
}

RunResult run_depth(const RunContext& run) {
  DepthProblem problem{.spiral = make_spiral(run.seed), .seed = run.seed};
  if (run.settings.quick) problem.steps = 100;
  std::vector<PlaneFit> fits;
  const RunResult result =
      run_rows(rows(), problem, run, [&](const DepthProblem& given, const Trained& row) {
        const Path path = path_of(given, row);
        fits.push_back({row.model.name, plane_motion(given.spiral.other_times, path.states)});
        return judge(given, row, path);
      });
  if (!run.picture.empty() && !fits.empty()) {
    std::filesystem::create_directories(run.picture.parent_path());
    render::write_png(depth_figure(figure_of(problem.spiral, fits, run.seed)), run.picture);
  }
  return result;
}

constexpr const char* depth_method =
    R"(One spiral y' = A y, A = [[-.1, 2], [-2, -.1]], y(0) = (2, 0), is observed at 60 random times on [0, 10], with noise
of .02. Every row learns to go from each observation to the next: 2,000 steps of Adam on all 59 pairs, its rate falling
linearly from 1e-2 to 0; networks of one hidden layer of tanh, with 158 to 164 weights, in float64. Then each predicts from
y(0) at other random times, equally dense, up to 15. `rmse` is over those up to 10. The seed is that of times, noise and weights.)";

}  // namespace

Experiment depth_table() {
  const std::vector<std::string> references{"resnet", "dt-input", "dt-scaled"};
  TableSpec spec{
      .name = "depth",
      .title = "A spiral at irregular times: residual networks and neural ODEs",
      .axes = {{.name = "time", .description = "of a prediction", .max = 15, .values = {15}}},
      .rows = specs_of(rows()),
      .metrics = {{.name = "rmse", .title = "RMSE", .is_compared = true},
                  {.name = "rmse_beyond", .title = "RMSE, 10 to 15", .is_compared = true},
                  {.name = "pair_rmse",
                   .title = "RMSE of pairs",
                   .meaning = "from one observation to the next, in training."},
                  {.name = "evaluations",
                   .title = "evaluations",
                   .meaning = "of the network, an interval of the prediction."},
                  {.name = "weights", .title = "weights"},
                  {.name = "seconds", .title = "training", .unit = "s", .is_time = true}},
      .panels = {{"error_at", "error"}},
      .method = {depth_method},
      .seed_decides = "times, noise and weights",
      .float_type = "float64",
      .seeds = 8,
      .quick_seeds = 1};
  spec.comparisons = compare_all(spec.rows, references);
  return {.spec = spec, .run = run_depth};
}

}  // namespace noether::bench
