// The table `flow`: continuous normalising flows that learn the density of two circles.

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>
#include <span>

#include "base/random.h"
#include "bench/flow/circles.h"
#include "bench/flow/flow_figure.h"
#include "bench/flow/flow_objectives.h"
#include "bench/flow/flow_points.h"
#include "bench/flow/plane_grid.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using learn::OdeSolver;
using learn::Params;
using learn::Tensor;

const learn::Flow flow({.dimension = 2, .hidden = {64, 64}});

struct FlowProblem {
  std::uint64_t seed = 0;
  std::int64_t likelihood_steps = 600, long_steps = 3000, matching_steps = 10000,
               further_steps = 300;
  PlaneGrid grid{};
};

struct TrainedFlow {
  std::string row = {};
  Params params = {};
  double seconds = 0;
  std::optional<OdeSolver> solver = {};  // of a training that solves equations
};
using FlowRow = Row<FlowProblem, TrainedFlow>;
using Needed = std::span<const TrainedFlow>;
using FlowOutcome = RowOutcome<TrainedFlow>;

OdeSolver to_tolerance(double tolerance) {
  return {.relative_tolerance = tolerance, .absolute_tolerance = tolerance};
}
const OdeSolver usual = to_tolerance(1e-3);
const OdeSolver coarse{.method = learn::OdeMethod::rk4, .longest_step = 0.25};
constexpr std::int64_t likelihood_batch = 256, matching_batch = 512;

TrainedFlow trained(const std::string& row, const learn::Training& training, const Params& start,
                    const learn::Objective& objective, const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  const learn::Hook hook{
      10, [&](const learn::TrainingState& state) {
        report(fmt::format("step {} of {}, {:.3f}", state.step, training.steps, state.loss));
      }};
  const auto state = train(training, learn::initial_training_state(start), objective, {hook});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return {.row = row, .params = state.params, .seconds = seconds.count()};
}

learn::Training training_of(const FlowProblem& problem, std::int64_t steps, double rate) {
  return {.steps = steps,
          .adam = {.learning_rate = rate},
          .schedule = learn::Schedule::cosine,
          .clip_norm = 1,
          .seed = problem.seed};
}

Params start_of(const FlowProblem& problem, learn::FirstLayer first) {
  return flow.init(first, problem.seed, learn::DType::f32);
}

FlowRow likelihood_row(const std::string& name, const std::string& description,
                       learn::FirstLayer first, const OdeSolver& solver,
                       std::int64_t FlowProblem::*steps) {
  return {{name, description},
          [=](const FlowProblem& problem, Needed, const ReportStep& report) -> FlowOutcome {
            auto made = trained(
                name, training_of(problem, problem.*steps, 5e-3), start_of(problem, first),
                likelihood_objective(flow, noisy_circles, likelihood_batch, solver), report);
            made.solver = solver;
            return {.made = made};
          }};
}

FlowOutcome match(const FlowProblem& problem, Needed, const ReportStep& report) {
  return {.made = trained("matching", training_of(problem, problem.matching_steps, 1e-2),
                          start_of(problem, learn::FirstLayer::sharp),
                          matching_objective(flow, noisy_circles, matching_batch), report)};
}

FlowOutcome go_on(const FlowProblem& problem, Needed matched, const ReportStep& report) {
  auto made = trained("matching-likelihood", training_of(problem, problem.further_steps, 1e-3),
                      matched[0].params,
                      likelihood_objective(flow, noisy_circles, likelihood_batch, usual), report);
  made.seconds += matched[0].seconds;
  made.solver = usual;
  return {.made = made};
}

std::vector<FlowRow> rows() {
  constexpr auto few = &FlowProblem::likelihood_steps, many = &FlowProblem::long_steps;
  std::vector<FlowRow> all{
      likelihood_row("likelihood-plain", "trained by likelihood, from the usual weights",
                     learn::FirstLayer::plain, usual, few),
      likelihood_row("likelihood-coarse", "by likelihood, solved in four even steps",
                     learn::FirstLayer::sharp, coarse, few),
      likelihood_row("likelihood", "by likelihood, solved to 1e-3", learn::FirstLayer::sharp, usual,
                     few),
      likelihood_row("likelihood-long", "the same, five times as long", learn::FirstLayer::sharp,
                     usual, many),
      {{"matching", "by flow matching: no equation is solved"}, match},
      {{"matching-likelihood", "by matching, then 300 steps by likelihood", {"matching"}}, go_on}};
  // it takes as long as all others together
  all[3].spec.by_default = false;
  return all;
}

RunResult judge(const FlowProblem& problem, const TrainedFlow& made, const Tensor& log_q) {
  const PlaneGrid& grid = problem.grid;
  const FlowQuality quality = quality_of(log_q, grid);
  RunResult result{.records = {{.metric = "nll", .value = quality.nats},
                               {.metric = "excess", .value = quality.nats - circles_entropy(grid)},
                               {.metric = "mass_error", .value = std::abs(quality.mass - 1)}}};
  if (made.solver) {
    const auto claimed =
        quality_of(log_density(flow, made.params, grid.middles(), *made.solver), grid);
    result.records.push_back({.metric = "claimed_nll", .value = claimed.nats});
    result.records.push_back({.metric = "claimed_mass", .value = claimed.mass});
  }
  result.records.push_back({.metric = "seconds", .value = made.seconds});
  return result;
}

const std::vector<double> frame_times{0, 0.25, 0.5, 0.75, 1};
constexpr std::int64_t drawn_points = 1000;

FlowPicture picture_of(const FlowProblem& problem, const TrainedFlow& made, const Tensor& log_q) {
  const Params params = cast(made.params, learn::DType::f64);
  base::RandomStream random(problem.seed, base::Purpose::initial_state, 0);
  std::vector<double> values;
  while (std::ssize(values) < 2 * drawn_points)
    values.push_back(std::sqrt(learn::Flow::base_variance) * random.normal());
  const Tensor start = Tensor::from<double>(values, {drawn_points, 2});
  return {.name = fmt::format("{}: {:.3f}", made.row, quality_of(log_q, problem.grid).nats),
          .frames = flow.carried(params, start, frame_times, judging_solver),
          .density = exp(log_q)};
}

void draw(const std::vector<FlowPicture>& flows, const FlowProblem& problem,
          const std::filesystem::path& file) {
  base::RandomStream random(problem.seed, base::Purpose::initial_state, 1);
  const Tensor data = Tensor::from<double>(noisy_circles(drawn_points, random), {drawn_points, 2});
  std::filesystem::create_directories(file.parent_path());
  render::write_png(flow_figure(flows, frame_times, problem.grid, data,
                                fmt::format("seed {}; beside each name its nats, least .788; "
                                            "blue points end on the outer circle",
                                            problem.seed)),
                    file);
}

RunResult run_flow(const RunContext& run) {
  FlowProblem problem{.seed = run.seed};
  if (run.settings.quick) {
    problem.likelihood_steps = 20;
    problem.long_steps = 40;
    problem.matching_steps = 500;
    problem.further_steps = 10;
    problem.grid.side = 60;
  }
  std::vector<FlowPicture> pictures;
  const RunResult result =
      run_rows(rows(), problem, run, [&](const FlowProblem& given, const TrainedFlow& made) {
        const Tensor log_q = log_density(flow, made.params, given.grid.middles());
        if (!run.picture.empty()) pictures.push_back(picture_of(given, made, log_q));
        return judge(given, made, log_q);
      });
  if (!pictures.empty()) draw(pictures, problem, run.picture);
  return result;
}

constexpr const char* flow_method =
    R"(Data: two circles of radii 1 and .5, each with half of the points, with normal noise of .06. A flow
dz/dt = f(t, z) carries N(0, .1 I) at t = 0 to their density at t = 1: d log p / dt = -tr(df/dz), the exact trace. f is a tanh network
3-64-64-2 of (z, t). The columns of its first layer begin 40 times longer than those of our other networks, but in
`likelihood-plain`: units then are as sharp as the circles.)";

constexpr const char* training_method =
    R"(`likelihood` rows: 600 steps (`-long`: 3,000) of Adam on the mean -log p of 256 new points, the rate falling
from 5e-3 along half a cosine, gradients shortened to 1, solved by dopri5 to 1e-3, or in `likelihood-coarse` by Runge-Kutta
in four steps. `matching` (Lipman et al., ICLR 2023): 10,000 steps, from 1e-2, on 512 pairs of a point of the base and one of the
data; f learns their difference at a time between, of density 2 t. `matching-likelihood`: 300 steps more by likelihood, from 1e-3.
All in float32; judged in float64, by dopri5 to 1e-5, on 120 x 120 points of [-2, 2]^2, where the true density is known.)";

}  // namespace

Experiment flow_table() {
  TableSpec spec{
      .name = "flow",
      .title = "Continuous normalising flows: the density of two circles",
      .rows = specs_of(rows()),
      .metrics = {{.name = "nll",
                   .title = "nats",
                   .is_compared = true,
                   .meaning = "the mean -log q under the true density."},
                  {.name = "excess",
                   .title = "above the entropy",
                   .meaning = "nats less those of the true density, .7876."},
                  {.name = "mass_error",
                   .title = "error of the mass",
                   .meaning = "|integral q - 1| over the square."},
                  {.name = "claimed_nll",
                   .title = "nats, claimed",
                   .meaning = "by the solver of the training."},
                  {.name = "claimed_mass",
                   .title = "mass, claimed",
                   .meaning = "the integral of q by the solver of the training."},
                  {.name = "seconds", .title = "training", .unit = "s", .is_time = true}},
      .method = {flow_method, training_method},
      .seed_decides = "weights and points",
      .seeds = 3,
      .quick_seeds = 1};
  return {.spec = spec, .run = run_flow};
}

}  // namespace noether::bench
