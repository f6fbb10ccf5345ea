#include "bench/model/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/interrupt.h"
#include "learn/autodiff/ops.h"
#include "learn/models/standardisation.h"

namespace noether::bench {
namespace {

using learn::Tensor;
using learn::Tensors;

double square_error(const Tensor& a, const Tensor& b) {
  const auto x = a.to_vector(), y = b.to_vector();
  double total = 0;
  for (std::size_t i = 0; i < x.size(); ++i) total += (x[i] - y[i]) * (x[i] - y[i]);
  return total;
}

// At each horizon, of each trajectory: sqrt of the mean squared error over coordinates and times.
std::vector<std::vector<double>> trajectory_rmse(const Tensors& predicted, const Task& task) {
  const auto d = static_cast<std::size_t>(task.starts.shape()[1]);
  std::vector<double> sums(static_cast<std::size_t>(task.starts.shape()[0]), 0);
  std::vector<std::vector<double>> rmse;
  double times = 0;
  std::size_t n = 0;
  for (const double horizon : task.horizons) {
    for (; n <= static_cast<std::size_t>(steps_within(horizon, task.dt)); ++n) {
      if (!task.truth.at(n).defined()) continue;
      const auto x = predicted.at(n).to_vector(), y = task.truth[n].to_vector();
      for (std::size_t i = 0; i < x.size(); ++i) sums[i / d] += (x[i] - y[i]) * (x[i] - y[i]);
      times += 1;
    }
    rmse.emplace_back();
    for (const double sum : sums)
      rmse.back().push_back(std::sqrt(sum / (static_cast<double>(d) * times)));
  }
  return rmse;
}

double mean_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += std::abs(a[i] - b[i]);
  return total / static_cast<double>(a.size());
}

std::vector<double> drift_curve(const Tensors& predicted, const Task& task, double scale) {
  const auto& energies = task.followed.values;
  std::vector<double> curve;
  for (std::size_t n = 0; n < task.truth.size(); ++n) {
    curve.push_back(task.truth[n].defined()
                        ? mean_distance(energies(predicted[n]), energies(task.truth[n])) / scale
                        : std::numeric_limits<double>::quiet_NaN());
  }
  return curve;
}

}  // namespace

double step_mse(const learn::Field& field, const learn::Params& params, const Tensor& x,
                const Tensor& dx_dt) {
  constexpr std::int64_t piece = 4096;  // bounds memory on large files
  const learn::DType dtype = params.begin()->second.dtype();
  const std::int64_t n = x.shape()[0];
  double total = 0;
  for (std::int64_t first = 0; first < n; first += piece) {
    const std::int64_t last = std::min(first + piece, n);
    const Tensor at = learn::cast(learn::slice(x, 0, first, last), dtype);
    total += square_error(field(params, at), learn::slice(dx_dt, 0, first, last));
  }
  return total / static_cast<double>(x.size());
}

double unexplained(const learn::Field& field, const learn::Params& params, const Tensor& x,
                   const Tensor& dx_dt) {
  const auto units = learn::standardisation_of(x, dx_dt);
  const auto over_spread = [&](const learn::Params& weights, const Tensor& at) {
    return standardised_rates(field(weights, at), units);
  };
  return step_mse(over_spread, params, x, standardised_rates(dx_dt, units));
}

Evaluation evaluate_field(const learn::Field& field, const learn::Params& params, const Task& task,
                          const learn::AfterStep& after_step) {
  const learn::DType dtype = params.begin()->second.dtype();
  const learn::Field checked = [&](const learn::Params& weights, const Tensor& x) {
    base::check_interrupt();
    Tensor rate = field(weights, x);
    if (rate.shape() == x.shape()) return rate;
    throw base::ShapeError(fmt::format("the field maps {} to {}: equal shapes were expected",
                                       to_string(x.shape()), to_string(rate.shape())));
  };
  const double one_step = step_mse(checked, params, task.test_x, task.test_dx_dt);
  const auto steps = static_cast<int>(task.truth.size()) - 1;
  // weights of float32 start from rounded states: their error at time 0 is that rounding
  Evaluation evaluation =
      evaluate_predictions(learn::rollout(checked, params, learn::cast(task.starts, dtype), task.dt,
                                          steps, task.stepper, after_step),
                           task);
  evaluation.step_mse = one_step;
  return evaluation;
}

Evaluation evaluate_predictions(Tensors given, const Task& task) {
  Evaluation evaluation;
  given.resize(task.truth.size());
  evaluation.predicted = std::move(given);
  const Tensors& predicted = evaluation.predicted;

  // sums over trajectories and coordinates, then over time, and how many times were summed
  const auto values = static_cast<double>(task.starts.size());
  double total = 0, times = 0;
  std::vector<double> up_to, times_up_to;
  for (std::size_t n = 0; n < predicted.size(); ++n) {
    evaluation.time.push_back(static_cast<double>(n) * task.dt);
    if (task.truth[n].defined()) {
      const double error = square_error(predicted[n], task.truth[n]);
      total += error;
      times += 1;
      evaluation.rmse_curve.push_back(std::sqrt(error / values));
    } else {
      evaluation.rmse_curve.push_back(std::numeric_limits<double>::quiet_NaN());
    }
    up_to.push_back(total);
    times_up_to.push_back(times);
  }
  if (task.followed.values) {
    for (const double E : task.followed.values(task.starts))
      evaluation.drift_scale = std::max(evaluation.drift_scale, std::abs(E));
    evaluation.drift_curve = drift_curve(predicted, task, evaluation.drift_scale);
    evaluation.drift_of = task.followed.name;
  }
  evaluation.horizons = task.horizons;
  evaluation.trajectory_rmse = trajectory_rmse(predicted, task);
  for (const double horizon : task.horizons) {
    const auto last = static_cast<std::size_t>(steps_within(horizon, task.dt));
    evaluation.rmse.push_back(std::sqrt(up_to.at(last) / (values * times_up_to.at(last))));
    if (!evaluation.drift_curve.empty())
      evaluation.energy_drift.push_back(evaluation.drift_curve.at(last));
  }
  return evaluation;
}

}  // namespace noether::bench
