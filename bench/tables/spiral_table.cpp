// The table `spiral`: the demonstration of torchdiffeq (Chen et al. 2018), a cubic spiral learned
// from short pieces of one trajectory.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/random.h"
#include "bench/depth/depth_figure.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/nn/mlp.h"
#include "learn/ode/solve.h"
#include "learn/train/trainer.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;
using learn::Tensors;

constexpr int points = 1000;
constexpr double end = 25;
constexpr int batch = 20, piece = 10;  // segments of a step, points of each
constexpr int judged_every = 20;       // steps
const learn::Mlp mlp{.widths = {2, 50, 2}, .output_bias = true};

// y' = y^3 A
const learn::Dynamics cubic = [](const Params& params, double, const Tensors& y) {
  return Tensors{matmul(y[0] * square(y[0]), params["A"])};
};
const learn::Dynamics network = [](const Params& params, double, const Tensors& y) {
  return Tensors{mlp(params, y[0] * square(y[0]))};
};

std::vector<double> times_of(int count) {
  std::vector<double> times;
  for (int n = 0; n < count; ++n) times.push_back(end * n / (points - 1));
  return times;
}

Tensors path_of(const learn::Dynamics& f, const Params& params, double tolerance) {
  Tensors path;
  const Tensor start = Tensor::from({2, 0}, {1, 2});
  for (const Tensors& y : solve(f, params, {start}, times_of(points),
                                {.relative_tolerance = tolerance, .absolute_tolerance = tolerance}))
    path.push_back(y[0]);
  return path;
}

struct SpiralProblem {
  Tensors truth = {};  // at all times
  std::uint64_t seed = 0;
  int steps = 2000;
};

struct LearnedSpiral {
  std::string row = {};
  std::vector<double> errors = {};  // the mean |prediction - truth|, every judged_every steps
  Tensors best_path = {};
  double seconds = 0;
};
using SpiralRow = Row<SpiralProblem, LearnedSpiral>;

// Weights normal with .1, no bias.
Params initial_spiral_weights(std::uint64_t seed) {
  Params params = initial_weights(mlp, seed, learn::DType::f64);
  for (const int layer : {1, 2}) {
    base::RandomStream random(seed, base::Purpose::weights, static_cast<std::uint64_t>(layer));
    const learn::Shape shape = params[learn::weight_name(layer)].shape();
    std::vector<double> values;
    for (std::int64_t i = 0; i < shape.size(); ++i) values.push_back(0.1 * random.normal());
    params = params.with(learn::weight_name(layer), Tensor::from<double>(values, shape));
    params = params.with(learn::bias_name(layer), zeros_like(params[learn::bias_name(layer)]));
  }
  return params;
}

// The mean absolute error of pieces that begin at random points.
learn::Objective objective_of(const SpiralProblem& problem, learn::OdeGradient gradient) {
  const Tensor all = concat(problem.truth, 0);
  const learn::OdeSolver solver{
      .relative_tolerance = 1e-5, .absolute_tolerance = 1e-5, .gradient = gradient};
  const auto loss = [=](const Params& params, const learn::TrainingStep& at) {
    base::RandomStream random(at.seed, base::Purpose::minibatch,
                              static_cast<std::uint64_t>(at.step));
    std::vector<std::int64_t> starts;
    while (std::ssize(starts) < batch)
      starts.push_back(static_cast<std::int64_t>(random.uniform() * (points - piece)));
    const auto rows_at = [&](std::int64_t n) {
      auto rows = std::make_shared<std::vector<std::int64_t>>();
      for (const std::int64_t start : starts) rows->push_back(start + n);
      return gather(all, rows);
    };
    const auto states = solve(network, params, {rows_at(0)}, times_of(piece), solver);
    Tensor total = Tensor::scalar(0);
    for (std::size_t n = 0; n < states.size(); ++n)
      total = total + sum(abs(states[n][0] - rows_at(static_cast<std::int64_t>(n))));
    return scale(total, 1.0 / (batch * piece * 2));
  };
  learn::Objective objective;
  objective.value_and_gradient = [loss](const Params& params, const learn::TrainingStep& at) {
    return learn::value_and_grad([&](const Params& p) { return loss(p, at); }, params);
  };
  objective.value = loss;
  return objective;
}

double error_of(const Tensors& path, const Tensors& truth) {
  return mean(abs(concat(path, 0) - concat(truth, 0))).item();
}

LearnedSpiral learned(const SpiralProblem& problem, learn::OdeGradient gradient,
                      const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  LearnedSpiral made;
  const learn::Hook judge{judged_every, [&](const learn::TrainingState& state) {
                            report(fmt::format("step {} of {}", state.step, problem.steps));
                            Tensors path = path_of(network, state.params, 1e-6);
                            made.errors.push_back(error_of(path, problem.truth));
                            if (made.errors.back() == std::ranges::min(made.errors))
                              made.best_path = std::move(path);
                          }};
  // RMSprop, but for the correction of its first steps
  learn::train({.steps = problem.steps,
                .adam = {.learning_rate = 1e-3, .beta1 = 0, .beta2 = 0.99},
                .seed = problem.seed},
               learn::initial_training_state(initial_spiral_weights(problem.seed)),
               objective_of(problem, gradient), {judge});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  made.seconds = seconds.count();
  return made;
}

SpiralRow row_of(const std::string& name, const std::string& description,
                 learn::OdeGradient gradient) {
  return {{name, description},
          [name, gradient](const SpiralProblem& problem, std::span<const LearnedSpiral>,
                           const ReportStep& report) -> RowOutcome<LearnedSpiral> {
            LearnedSpiral made = learned(problem, gradient, report);
            made.row = name;
            return {.made = made};
          }};
}

std::vector<SpiralRow> rows() {
  return {row_of("neural-ode", "dy/dt = g(y^3), its gradient through the steps of the solver",
                 learn::OdeGradient::through_solver),
          row_of("neural-ode-adjoint", "the same by the adjoint", learn::OdeGradient::adjoint)};
}

RunResult judge(const SpiralProblem&, const LearnedSpiral& made) {
  RunResult result;
  result.records = {{.metric = "best", .value = std::ranges::min(made.errors)},
                    {.metric = "last", .value = made.errors.back()},
                    {.metric = "seconds", .value = made.seconds}};
  for (std::size_t i = 0; i < made.errors.size(); ++i) {
    const auto step = static_cast<double>((i + 1) * judged_every);
    result.curves.push_back(
        {.at = {{"step", step}}, .metric = "error_at", .value = made.errors[i]});
  }
  return result;
}

RunResult run_spiral(const RunContext& run) {
  const Params A{{"A", Tensor::from({-0.1, 2, -2, -0.1}, {2, 2})}};
  SpiralProblem problem{.truth = path_of(cubic, A, 1e-9), .seed = run.seed};
  if (run.settings.quick) problem.steps = 60;
  const PlaneMotion truth = plane_motion(times_of(points), problem.truth);
  PlaneFits figure{
      .title = "A cubic spiral learned from pieces of ten points",
      .caption = fmt::format("seed {}; the best of the paths that were judged", run.seed),
      .truth = truth};
  const RunResult result =
      run_rows(rows(), problem, run, [&](const SpiralProblem& given, const LearnedSpiral& made) {
        figure.fits.push_back({made.row, plane_motion(times_of(points), made.best_path)});
        return judge(given, made);
      });
  if (!run.picture.empty() && !figure.fits.empty()) {
    std::filesystem::create_directories(run.picture.parent_path());
    render::write_png(depth_figure(figure), run.picture);
  }
  return result;
}

constexpr const char* spiral_method =
    R"(dy/dt = y^3 A, A = [[-.1, 2], [-2, -.1]], y(0) = (2, 0), at 1,000 even times on [0, 25], without noise. The model is
dy/dt = W2 tanh(W1 y^3 + b1) + b2 with 50 values between, weights normal with .1 and no bias to begin with. Each of 2,000 steps takes
20 pieces of 10 points that begin at random ones, and minimises the mean absolute error of their prediction; RMSprop (Adam with beta1 = 0 and
beta2 = .99), 1e-3. Every 20 steps the whole spiral is predicted from its start: `best` is the least mean absolute error so far, because it
is not monotone. float64, dopri5. The seed is that of weights and pieces.)";

}  // namespace

Experiment spiral_table() {
  TableSpec spec{
      .name = "spiral",
      .title = "A cubic spiral: a neural ODE learned from short pieces",
      .axes = {{.name = "step", .description = "of training", .max = 2000, .values = {2000}}},
      .rows = specs_of(rows()),
      .metrics = {{.name = "best", .title = "best error", .is_compared = true},
                  {.name = "last", .title = "last error"},
                  {.name = "seconds", .title = "training", .unit = "s", .is_time = true}},
      .panels = {{"error_at", "mean absolute error"}},
      .method = {spiral_method},
      .seed_decides = "weights and pieces",
      .float_type = "float64",
      .seeds = 5,
      .quick_seeds = 1};
  return {.spec = spec, .run = run_spiral};
}

}  // namespace noether::bench
