// The tables `spring-noise` and `pendulum-noise`: the rows of `spring` and `pendulum` where nobody
// knows exact derivatives. They are given with noise, or estimated from the noisy states.

#include <cmath>

#include "bench/data/generated_dataset.h"
#include "bench/tables/fields/state_rows.h"
#include "bench/tables/fields/train_energies.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

Axis estimated_axis() {
  return {.name = "estimated",
          .description = "derivatives: 0 given with noise, 1 estimated from the noisy states alone",
          .max = 1,
          .values = {0, 1},
          .is_swept = true};
}

Axis state_noise_axis() {
  Axis axis = noise_axis({0.01, 0.03, 0.1});
  axis.quick_values = {0.1};
  return axis;
}

std::vector<dataset::SettingSpec> settings() {
  auto all = training_settings();
  all.push_back(
      {"derivative_noise", 1.0, 0, 1e3, "1/s",
       "standard deviations of the noise on given derivatives, over those on the states"});
  return all;
}

double rms(const learn::Tensor& x) { return std::sqrt(mean(square(x)).item()); }

// The row `data`, with what the train data are worth.
FieldRow known_data_row() {
  const FieldRow data = data_row();
  return {data.spec, [data](const StateProblem& problem, std::span<const TrainedField> needed,
                            const ReportStep& report) {
            FieldOutcome outcome = data.make(problem, needed, report);
            const Task& task = problem.task;
            const auto file = generated_dataset(task.system, {{"noise_std", "0"}}, problem.seed);
            const Task truth = load_task(file, {.dtype = task.x.dtype()});
            append(outcome.measured,
                   {.records = {
                        {.metric = "state_error", .value = rms(task.x - truth.x)},
                        {.metric = "derivative_error", .value = rms(task.dx_dt - truth.dx_dt)}}});
            return outcome;
          }};
}

std::vector<FieldRow> rows() {
  std::vector<FieldRow> all = state_rows();
  for (FieldRow& row : all)
    if (row.spec.name == "data") row = known_data_row();
  return all;
}

std::vector<Metric> metrics() {
  std::vector<Metric> all;
  const std::string section = "What is learned from";
  all.push_back({.name = "state_error",
                 .title = "state error",
                 .meaning = "the rms error of the states that all rows but `vanilla-noisy` learn "
                            "from, over the points of the train trajectories and the coordinates.",
                 .section = section});
  all.push_back({.name = "derivative_error",
                 .title = "derivative error",
                 .meaning = "the same of the derivatives that all rows learn from.",
                 .section = section});
  return all;
}

std::vector<std::string> method(const std::string& name) {
  return {
      "Data: `noether generate " + name +
          R"( --seed SEED --set noise_std=NOISE`: 50 trajectories, the first 25 to train
on, the last 25 to test; the seed is that of the data and of the initial weights. Unless a noise
is set to 0, no row learns from an exact derivative or an exact state. All rows learn from the same derivatives: training, the choice of
rates and formulas, the search for formulas and the pre-training of g.)",
      R"(`estimated 0`: derivatives are given, with Gaussian noise. Its standard deviation is the number
of `noise` in the unit of each derivative (the state's, per second), times `derivative_noise`, which is 1
unless it was set. States are the integral of these derivatives, shifted to the mean of the observations.
`estimated 1`: no derivative is given. Each coordinate of each trajectory is smoothed by itself, by the
quintic smoothing spline with a penalty on f'''. The strength of a coordinate is that of least generalised
cross-validation over the train trajectories. States and derivatives are those of the spline.)",
      R"(In both, `vanilla-noisy` learns from the observed states and the same derivatives. With `estimated 0`
the size of the noise on the states is known: g of the `meta-neural` rows and the formulas are sought
together with one offset a trajectory, of the variance that the mean of its noise has. With `estimated 1`
it is not, and they are sought as in exact data. Other errors of states and derivatives are not modelled.
RMSE and all else are measured against the truth, without noise.)",
      training_method,
      tailoring_method,
      rivals_method,
      discovery_method};
}

Experiment noise_table(const std::string& name) {
  TableSpec spec{
      .name = name + "-noise",
      .title = "Ideal " + name + ": what conservation is worth without exact derivatives",
      .axes = {state_noise_axis(), estimated_axis(), horizon_axis({3, 10})},
      .metrics = metrics(),
      .settings = settings(),
      .method = method(name),
      .seed_decides = "the data, their noise and the initial weights",
      .quick_seeds = 1};
  return state_experiment(name, std::move(spec), rows());
}

}  // namespace

Experiment spring_noise_table() { return noise_table("spring"); }
Experiment pendulum_noise_table() { return noise_table("pendulum"); }

}  // namespace noether::bench
