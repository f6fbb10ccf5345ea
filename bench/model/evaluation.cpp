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

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

double square_error(const Tensor& a, const Tensor& b) {
  const auto x = a.to_vector(), y = b.to_vector();
  double total = 0;
  for (std::size_t i = 0; i < x.size(); ++i) total += (x[i] - y[i]) * (x[i] - y[i]);
  return total;
}

// Which trajectories have a truth at time n.
std::vector<bool> rows_with_truth(const Task& task, std::size_t n) {
  std::vector<bool> rows(static_cast<std::size_t>(task.starts.shape()[0]));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = has_truth(task, n, i);
  return rows;
}

// The same of those whose time is within the horizon.
std::vector<bool> rows_within(const Task& task, std::size_t n, double horizon) {
  std::vector<bool> rows = rows_with_truth(task, n);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = rows[i] && is_within(task, n, i, horizon);
  return rows;
}

// Squared errors and how many numbers they are of.
struct Sum {
  double error = 0, count = 0;
};

Sum square_error(const Tensor& predicted, const Tensor& truth, const std::vector<bool>& rows) {
  if (!truth.defined()) return {};
  const auto x = predicted.to_vector(), y = truth.to_vector();
  const std::size_t d = x.size() / rows.size();
  Sum sum;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!rows[i / d]) continue;
    sum.error += (x[i] - y[i]) * (x[i] - y[i]);
    sum.count += 1;
  }
  return sum;
}

// The times of all trajectories at index 0, 1, ...; that of the end where one has ended.
std::vector<std::vector<double>> times_by_index(const Task& task) {
  std::vector<std::vector<double>> times;
  for (std::size_t n = 0; n < task.truth.size(); ++n) {
    times.emplace_back();
    for (const auto& own : task.own_times) times.back().push_back(own[std::min(n, own.size() - 1)]);
  }
  return times;
}

// Up to the horizon: over all trajectories, and of each.
double rmse_to(double horizon, const Tensors& predicted, const Task& task) {
  Sum total;
  for (std::size_t n = 0; n < task.truth.size(); ++n) {
    const Sum at = square_error(predicted[n], task.truth[n], rows_within(task, n, horizon));
    total.error += at.error;
    total.count += at.count;
  }
  return std::sqrt(total.error / total.count);
}

std::vector<double> trajectory_rmse_to(double horizon, const Tensors& predicted, const Task& task) {
  const auto d = static_cast<std::size_t>(task.starts.shape()[1]);
  std::vector<Sum> sums(static_cast<std::size_t>(task.starts.shape()[0]));
  for (std::size_t n = 0; n < task.truth.size(); ++n) {
    if (!task.truth[n].defined()) continue;
    const auto rows = rows_within(task, n, horizon);
    const auto x = predicted.at(n).to_vector(), y = task.truth[n].to_vector();
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!rows[i / d]) continue;
      sums[i / d].error += (x[i] - y[i]) * (x[i] - y[i]);
      sums[i / d].count += 1;
    }
  }
  std::vector<double> rmse;
  for (const Sum& sum : sums) rmse.push_back(std::sqrt(sum.error / sum.count));
  return rmse;
}

// |E(prediction) - E(truth)| of each trajectory at time n; NaN where there is no truth.
std::vector<double> drifts_at(std::size_t n, const Tensors& predicted, const Task& task) {
  if (!task.truth[n].defined())
    return std::vector<double>(static_cast<std::size_t>(task.starts.shape()[0]), no_number);
  std::vector<double> a = task.followed.values(predicted[n]);
  const std::vector<double> b = task.followed.values(task.truth[n]);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::abs(a[i] - b[i]);
  return a;
}

double mean_of(const std::vector<double>& values, const std::vector<bool>& rows) {
  double total = 0, count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!rows[i]) continue;
    total += values[i];
    count += 1;
  }
  return count > 0 ? total / count : no_number;
}

double mean_time(const Task& task, std::size_t n) {
  if (task.own_times.empty()) return static_cast<double>(n) * task.dt;
  double total = 0, count = 0;
  for (const auto& times : task.own_times) {
    if (n >= times.size()) continue;
    total += times[n];
    count += 1;
  }
  return total / count;
}

void add_drift(const Tensors& predicted, const Task& task, Evaluation& evaluation) {
  for (const double E : task.followed.values(task.starts))
    evaluation.drift_scale = std::max(evaluation.drift_scale, std::abs(E));
  evaluation.drift_of = task.followed.name;
  std::vector<std::vector<double>> drifts;
  for (std::size_t n = 0; n < task.truth.size(); ++n) {
    drifts.push_back(drifts_at(n, predicted, task));
    evaluation.drift_curve.push_back(mean_of(drifts.back(), rows_with_truth(task, n)) /
                                     evaluation.drift_scale);
  }
  for (const double horizon : task.horizons) {
    std::vector<double> last;
    for (std::size_t i = 0; i < drifts.front().size(); ++i)
      last.push_back(drifts[last_within(task, i, horizon)][i]);
    evaluation.energy_drift.push_back(mean_of(last, std::vector<bool>(last.size(), true)) /
                                      evaluation.drift_scale);
  }
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
  const Tensor starts = learn::cast(task.starts, dtype);
  Evaluation evaluation = evaluate_predictions(
      task.own_times.empty()
          ? learn::rollout(checked, params, starts, task.dt, steps, task.stepper, after_step)
          : learn::rollout_at(checked, params, starts, times_by_index(task), task.usual_step,
                              task.stepper, after_step),
      task);
  evaluation.step_mse = one_step;
  return evaluation;
}

Evaluation evaluate_predictions(Tensors given, const Task& task) {
  Evaluation evaluation;
  given.resize(task.truth.size());
  evaluation.predicted = std::move(given);
  const Tensors& predicted = evaluation.predicted;

  for (std::size_t n = 0; n < predicted.size(); ++n) {
    evaluation.time.push_back(mean_time(task, n));
    const Sum at = square_error(predicted[n], task.truth[n], rows_with_truth(task, n));
    evaluation.rmse_curve.push_back(at.count > 0 ? std::sqrt(at.error / at.count) : no_number);
  }
  if (task.followed.values) add_drift(predicted, task, evaluation);
  evaluation.horizons = task.horizons;
  for (const double horizon : task.horizons) {
    evaluation.rmse.push_back(rmse_to(horizon, predicted, task));
    evaluation.trajectory_rmse.push_back(trajectory_rmse_to(horizon, predicted, task));
  }
  return evaluation;
}

}  // namespace noether::bench
