#include "bench/tables/recorded/recorded_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "bench/data/generated_dataset.h"
#include "bench/data/known_laws.h"
#include "bench/discovery/discovery.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/schema.h"
#include "learn/autodiff/ops.h"
#include "learn/models/vanilla.h"

namespace noether::bench {

using learn::DType;
using learn::Params;
using learn::Tensor;

namespace {

constexpr double train_share = 0.8;  // rounded as `import lipson` rounds it

// of the strength, so that 200 steps of a rate falling from 1e-3 can take it anywhere in [0, 1]
constexpr double strength_unit = 20;
constexpr const char* strength_name = "strength";

// the states at the times 0, dt, ..., undefined where points are missing
learn::Tensors states_by_tick(const Recording& recording, int steps) {
  const std::int64_t d = recording.dimension();
  learn::Tensors states(static_cast<std::size_t>(steps) + 1);
  for (std::int64_t n = 0; n < recording.points(); ++n) {
    const auto tick = recording.ticks[static_cast<std::size_t>(n)] - recording.ticks.front();
    if (tick > steps) break;
    const std::span values(recording.states.data() + n * d, static_cast<std::size_t>(d));
    states[static_cast<std::size_t>(tick)] = Tensor::from<double>(values, {1, d});
  }
  return states;
}

std::int64_t first_test_of(const Trial& trial) {
  return std::llround(train_share * static_cast<double>(trial.measured.points()));
}

// The train part as laws are sought in it.
learn::symbolic::Trajectories law_data_of(const Trial& trial, const Task& task) {
  const auto [x, dx_dt] =
      slopes(part(trial.measured, 0, first_test_of(trial)), Differences::central);
  if (!x.defined()) return {};
  Task central = task;
  central.samples = x.shape()[0];
  central.x = x;
  central.dx_dt = dx_dt;
  return trajectories_of(central);
}

// The task of predicting the train part piece by piece, each from the measured point where the one
// before ended or the next after it.
std::vector<Task> rehearsals_of(const Trial& trial, const Task& task) {
  const Recording train = part(trial.measured, 0, first_test_of(trial));
  const int steps = steps_within(task.horizons.back(), task.dt);
  std::vector<Task> pieces;
  std::int64_t earliest = train.ticks.front();
  for (std::int64_t n = 0; n < train.points(); ++n) {
    const std::int64_t begin = train.ticks.at(static_cast<std::size_t>(n));
    if (begin < earliest || train.ticks.back() - begin < steps) continue;
    Task piece = task;
    piece.truth = states_by_tick(part(train, n, train.points()), steps);
    piece.starts = piece.truth.front();
    pieces.push_back(piece);
    earliest = begin + steps;
  }
  if (pieces.empty()) {
    throw base::DataError(fmt::format(
        "'{}' is too short: from its first 80 %, {} points, formulas are chosen by predicting {} "
        "s, {} steps of {:.3g}",
        task.source, train.points(), task.horizons.back(), steps, task.dt));
  }
  return pieces;
}

Task task_of(const Trial& trial, const Discretisation& discretisation,
             const std::vector<double>& horizons) {
  const std::int64_t points = trial.measured.points(), first_test = first_test_of(trial);
  const Recording test = part(trial.truth, first_test, points);
  Task task{.source = trial.measured.source,
            .coordinates = trial.measured.coordinates,
            .units = trial.units,
            .dt = trial.measured.dt,
            .horizons = horizons,
            .stepper = discretisation.stepper};
  std::ranges::sort(task.horizons);
  const int steps = steps_within(task.horizons.back(), task.dt);
  if (steps_within(task.horizons.front(), task.dt) < 1) {
    throw base::DataError(fmt::format("'{}': its time step, {:.3g}, is longer than {} s",
                                      task.source, task.dt, task.horizons.front()));
  }
  if (test.ticks.empty() || test.ticks.back() - test.ticks.front() < steps) {
    throw base::DataError(fmt::format(
        "'{}' is too short: its last 20 %, {} points, must reach {} s, {} steps of {:.3g}, from "
        "the first of them",
        task.source, test.points(), task.horizons.back(), steps, task.dt));
  }
  const Slopes train_slopes =
      slopes(part(trial.measured, 0, first_test), discretisation.differences);
  const Slopes test_slopes = slopes(test, discretisation.differences);
  if (!train_slopes.x.defined() || !test_slopes.x.defined()) {
    throw base::DataError(
        fmt::format("'{}' has gaps between all of its points: no difference is left to learn from",
                    task.source));
  }
  task.trajectories = 1;
  task.samples = train_slopes.x.shape()[0];
  task.x = cast(train_slopes.x, DType::f32);
  task.dx_dt = cast(train_slopes.dx_dt, DType::f32);
  task.test_x = cast(test_slopes.x, DType::f32);
  task.test_dx_dt = cast(test_slopes.dx_dt, DType::f32);
  task.truth = states_by_tick(test, steps);
  task.starts = task.truth.front();
  return task;
}

}  // namespace

Trial read_trial(const std::filesystem::path& path) {
  const Recording recording = read_recording(path);
  const std::vector<std::string> expected{"o", "v"};
  if (recording.coordinates != expected) {
    throw base::DataError(
        fmt::format("'{}' has the coordinates {}: o and v were expected, the angle and its "
                    "velocity",
                    path.string(), base::join(recording.coordinates)));
  }
  return {.measured = recording,
          .truth = recording,
          .units = {"rad", "rad/s"},
          .energy = learn::formula_quantity("v^2 - 2.4 cos(o)", expected)};
}

Trial generate_trial(double noise, std::uint64_t seed) {
  // as the record, but twice as fast: so is its swing
  const dataset::DatasetFile file = generated_dataset(
      "damped-pendulum",
      {{"n", "1"}, {"t_end", "47.25"}, {"steps", "568"}, {"noise_std", base::format_double(noise)}},
      seed);
  const auto coordinates = file.names("coordinate_names");
  const auto recording = [&](const char* array) {
    return make_recording("damped-pendulum", coordinates, file.read<double>("dimensions/time"),
                          file.read<double>(array));
  };
  std::vector<std::string> units;
  for (std::size_t k = 0; k < coordinates.size(); ++k)
    units.push_back(dataset::column_unit(file.h5(), "trajectories/state", k));
  return {.measured = recording("trajectories/observation"),
          .truth = recording("trajectories/state"),
          .units = units,
          .energy = quantity_of(known_laws("pendulum"), coordinates)};
}

const std::array<Discretisation, 2>& discretisations() {
  static const std::array<Discretisation, 2> both{
      {{"", Differences::central, learn::Stepper::rk4},
       {"euler-", Differences::forward, learn::Stepper::euler}}};
  return both;
}

StateProblem make_recorded_problem(const Trial& trial, const Discretisation& discretisation,
                                   const RunContext& run) {
  const TableSettings& settings = run.settings;
  const Task task = task_of(trial, discretisation, settings.axes.at("horizon"));
  const bool discovers = settings.wants(discretisation.prefix + "meta-discovered");
  return {.task = task,
          .trajectories = law_data_of(trial, task),
          .rehearsals = discovers ? rehearsals_of(trial, task) : std::vector<Task>{},
          .mlp = {.widths = {2, 200, 200, 2}},
          .oracle = trial.energy,
          .budget = budget_of(run),
          .seed = run.seed,
          .scratch = settings.is_on("scratch"),
          .weight_decay = settings.config.number("weight_decay"),
          .jobs = run.jobs};
}

StrengthField meta_train_strength(const StateProblem& problem, const Params& start,
                                  const ReportStep& report) {
  const learn::Field plain = mlp_field(problem.mlp);
  const learn::Field whole = projected(problem, problem.oracle, {});
  const learn::Field field = [=](const Params& params, const Tensor& x) {
    const Tensor f = plain(params, x);
    return f + scale(params[strength_name], strength_unit) * (whole(params, x) - f);
  };
  Params weights = start;
  weights.add(strength_name, Tensor::scalar(initial_strength / strength_unit, DType::f32));
  const TrainedField trained = fine_tune(problem, field, weights, report);
  return {trained, strength_unit * trained.params[strength_name].item()};
}

std::vector<double> energies_above_origin(const learn::Quantity& energy, const Tensor& x) {
  const double origin = energy({}, Tensor::full({1, x.shape()[1]}, 0.0)).item();
  auto values = energy({}, cast(x, DType::f64)).to_vector();
  for (double& value : values) value -= origin;
  return values;
}

double energy_loss(const learn::Quantity& energy, std::span<const Tensor> states) {
  double count = 0, sum_n = 0, sum_nn = 0, sum_e = 0, sum_ne = 0;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!states[i].defined()) continue;
    const auto n = static_cast<double>(i);
    for (const double e : energies_above_origin(energy, states[i])) {
      count += 1;
      sum_n += n;
      sum_nn += n * n;
      sum_e += e;
      sum_ne += n * e;
    }
  }
  const double slope = (count * sum_ne - sum_n * sum_e) / (count * sum_nn - sum_n * sum_n);
  const double first = (sum_e - slope * sum_n) / count;
  return -slope * static_cast<double>(states.size() - 1) / first;
}

}  // namespace noether::bench
