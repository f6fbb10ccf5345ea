#include "bench/tables/fields/state_problem.h"

#include <algorithm>
#include <limits>
#include <span>

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "bench/data/denoise.h"
#include "bench/data/generated_dataset.h"
#include "bench/data/known_laws.h"
#include "bench/data/part.h"
#include "bench/data/smoothing.h"
#include "bench/data/truth.h"
#include "bench/discovery/discovery.h"
#include "bench/outside/outside_task.h"
#include "learn/autodiff/ops.h"
#include "learn/discovery/library/feature_space.h"

namespace noether::bench {

using learn::DType;
using learn::Tensor;

namespace {

// Noise on the derivatives of trajectory 0, 1, ..., a stream each.
Tensor noisy_derivatives(const Task& task, double deviation, std::uint64_t seed) {
  std::vector<double> values = task.dx_dt.to_vector();
  const auto row = static_cast<std::size_t>(task.samples * task.dimension());
  for (std::size_t i = 0; i < static_cast<std::size_t>(task.trajectories); ++i) {
    base::RandomStream random(seed, base::Purpose::derivative_noise, i);
    for (std::size_t k = i * row; k < (i + 1) * row; ++k) values[k] += deviation * random.normal();
  }
  return Tensor::from<double>(values, task.dx_dt.shape());
}

// The task with what is known in place of observed states and exact derivatives, float64.
Task as_known(Task task, const Derivatives& derivatives, std::uint64_t seed) {
  if (derivatives.estimated) {
    // no offset_variance: how large the noise is, nobody told
    const SmoothTrajectories smooth = smoothed(task.x, task.trajectories, task.dt);
    task.x = smooth.x;
    task.dx_dt = smooth.dx_dt;
    return task;
  }
  if (derivatives.noise > 0) task.dx_dt = noisy_derivatives(task, derivatives.noise, seed);
  if (task.noise_std > 0) task.x = denoised(task.x, task.dx_dt, task.trajectories, task.dt);
  task.offset_variance = task.noise_std * task.noise_std / static_cast<double>(task.samples);
  return task;
}

// What is known of an import: its states as train and discover learn from them.
void take_recording(const dataset::DatasetFile& file, Task& task) {
  const Task known = load_task(file, {.denoise = true, .dtype = DType::f64});
  task.x = known.x;
  task.dx_dt = known.dx_dt;
  task.observed = known.observed;
  task.noise_std = known.noise_std;
  task.offset_variance = known.offset_variance;
}

// The train trajectories as they are known: their states, from the first of each.
Task rehearsal_of(const dataset::DatasetFile& file, const Task& task) {
  Task train = task;
  const std::vector<std::int64_t> lengths = lengths_of(task);
  train.horizons = {task.dt * static_cast<double>(task.samples - 1)};
  if (task.dt == 0) train.horizons = {add_own_times(file, part_of(file, "train"), train)};
  const auto d = static_cast<std::size_t>(task.dimension());
  const std::vector<double> states = task.x.to_vector();
  train.truth.clear();
  for (std::int64_t t = 0; t < task.samples; ++t) {
    train.truth.push_back(
        Tensor::build<double>({task.trajectories, task.dimension()}, [&](std::span<double> out) {
          std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
          std::size_t first = 0;  // point of trajectory i
          for (std::size_t i = 0; i < lengths.size(); ++i) {
            const auto from = states.begin() + static_cast<std::ptrdiff_t>(
                                                   (first + static_cast<std::size_t>(t)) * d);
            if (t < lengths[i])
              std::copy_n(from, d, out.begin() + static_cast<std::ptrdiff_t>(i * d));
            first += static_cast<std::size_t>(lengths[i]);
          }
        }));
  }
  train.starts = train.truth.front();
  return train;
}

// The first train trajectories alone, where the table has the axis `trajectories`.
void take_trajectories(Task& task, const RunContext& run) {
  const auto wanted = run.at.find("trajectories");
  if (wanted == run.at.end()) return;
  const auto count = static_cast<std::int64_t>(wanted->second);
  task.x = slice(task.x, 0, 0, count * task.samples);
  task.dx_dt = slice(task.dx_dt, 0, 0, count * task.samples);
  task.trajectories = count;
  task.times.resize(static_cast<std::size_t>(count));
}

// The followed quantity at every point of the train trajectories, without noise.
std::vector<double> train_energies(const dataset::DatasetFile& file, const Task& task) {
  if (!task.followed.values || has_own_constants(task)) return {};
  const Tensor all = load_task(file, {.noise_free = true, .dtype = DType::f64}).x;
  return task.followed.values(slice(all, 0, 0, task.x.shape()[0]));
}

// The noise-free test states, in the form in which laws are sought.
learn::symbolic::Trajectories test_trajectories(const Task& task) {
  Task test = task;
  test.x = cast(task.test_x, DType::f64);
  test.dx_dt = cast(task.test_dx_dt, DType::f64);
  test.trajectories = task.starts.shape()[0];
  test.offset_variance = 0;
  return trajectories_of(test);
}

}  // namespace

Budget budget_of(const RunContext& run) {
  Budget budget;
  if (run.settings.quick) {
    budget = {.steps = 400,
              .fine_tune_steps = 60,
              .node_steps = 100,
              .node_fine_tune_steps = 30,
              .formulas = 3,
              .pretraining = {.ratio_steps = 50, .angle_steps = 200}};
  }
  if (const auto steps = run.at.find("steps"); steps != run.at.end()) {
    budget.steps = static_cast<int>(steps->second);
    budget.fine_tune_steps = budget.steps / 10;
    budget.schedule = learn::Schedule::cosine;
    budget.batch = 225;
  }
  return budget;
}

Derivatives derivatives_of(const RunContext& run) {
  const auto estimated = run.at.find("estimated");
  if (estimated == run.at.end()) return {};
  if (estimated->second != 0 && estimated->second != 1)
    throw base::UsageError("derivatives are estimated (1) or given (0): nothing is between them");
  const double noise = run.at.at("noise") * run.settings.config.number("derivative_noise");
  return {.estimated = estimated->second != 0, .noise = noise};
}

std::vector<dataset::SettingSpec> training_settings() {
  return {switch_setting("scratch",
                         "control, hnn-control and meta rows train from the initial weights, not "
                         "from trained ones"),
          {"weight_decay", 1e-4, 0, 1, "1",
           "of every training of a model: added to the gradient times the weights (1e-4)"}};
}

dataset::DatasetFile dataset_of(const std::string& name, const RunContext& run) {
  run.report("generating");
  return generated_dataset(name, {{"noise_std", base::format_double(run.at.at("noise"))}},
                           run.seed);
}

StateProblem problem_of_file(const dataset::DatasetFile& file, const std::vector<double>& horizons,
                             const RunContext& run) {
  const TableSettings& settings = run.settings;
  StateProblem problem{.task = load_task(file, {.horizons = horizons, .dtype = DType::f64}),
                       .derivatives = derivatives_of(run),
                       .budget = budget_of(run),
                       .seed = run.seed,
                       .scratch = settings.is_on("scratch"),
                       .weight_decay = settings.config.number("weight_decay"),
                       .jobs = run.jobs};
  Task& task = problem.task;
  check_train_split(task);
  take_trajectories(task, run);
  problem.mlp.widths = {task.dimension(), 200, 200, task.dimension()};
  problem.train_energies = train_energies(file, task);
  problem.raw_x = cast(task.x, DType::f32);
  problem.fingerprint = fingerprint(task);
  if (is_imported(task)) {
    take_recording(file, task);
  } else {
    task = as_known(task, problem.derivatives, run.seed);
  }
  problem.budget.pretraining.offset_variance = task.offset_variance;
  problem.trajectories = trajectories_of(task);
  for (Tensor* values : {&task.x, &task.dx_dt, &task.test_x, &task.test_dx_dt})
    *values = cast(*values, DType::f32);
  if (is_imported(task)) problem.units = learn::standardisation_of(task.x, task.dx_dt);
  problem.rehearsals = {rehearsal_of(file, task)};
  return problem;
}

StateProblem make_state_problem(const std::string& name, const RunContext& run) {
  StateProblem problem =
      problem_of_file(dataset_of(name, run), run.settings.axes.at("horizon"), run);
  problem.oracle = quantity_of(known_laws(name), problem.task.coordinates);
  return problem;
}

StateProblem make_several_laws_problem(const std::string& name, const RunContext& run) {
  StateProblem problem = make_state_problem(name, run);
  for (const KnownLaw& law : known_laws(name)) problem.several.names.push_back(law.name);
  const auto root = learn::symbolic::metric(test_trajectories(problem.task)).root;
  std::vector<double> values;
  for (const auto& direction : root)
    values.insert(values.end(), direction.begin(), direction.end());
  problem.several.directions = Tensor::from<double>(
      values, {static_cast<std::int64_t>(root.size()), problem.task.dimension()});
  return problem;
}

StateProblem with_twice_the_data(StateProblem problem) {
  Task& task = problem.task;
  const std::int64_t known = task.trajectories + task.starts.shape()[0],
                     all = known + task.trajectories;
  // a trajectory is a function of seed and index, so the first ones are those that are known
  const auto file = generated_dataset(task.system,
                                      {{"n", std::to_string(all)},
                                       {"train_share", "1"},
                                       {"noise_std", base::format_double(task.noise_std)}},
                                      problem.seed);
  Task larger = load_task(file, {.dtype = DType::f64});
  const std::int64_t train = task.trajectories * task.samples;
  // nothing is computed from the test trajectories between them
  const auto without_test = [&](const Tensor& of_all) {
    const Tensor more = slice(of_all, 0, known * task.samples, all * task.samples);
    return concat(learn::Tensors{slice(of_all, 0, 0, train), more}, 0);
  };
  larger.x = without_test(larger.x);
  larger.dx_dt = without_test(larger.dx_dt);
  larger.trajectories = 2 * task.trajectories;
  larger = as_known(larger, problem.derivatives, problem.seed);
  const auto with_more = [&](const Tensor& values, const Tensor& of_both) {
    return concat(learn::Tensors{values, cast(slice(of_both, 0, train, 2 * train), values.dtype())},
                  0);
  };
  task.x = with_more(task.x, larger.x);
  task.dx_dt = with_more(task.dx_dt, larger.dx_dt);
  task.trajectories = larger.trajectories;
  return problem;
}

}  // namespace noether::bench
