#include "bench/data/truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/error.h"
#include "sim/integrator.h"

namespace noether::bench {
namespace {

using dataset::DatasetFile;
using learn::Tensor;

void check_horizons(const std::vector<double>& horizons, double dt) {
  constexpr double most_steps = 1e6;
  for (const double horizon : horizons) {
    const bool makes_sense = std::isfinite(horizon) && horizon >= dt * (1 - 1e-9);
    if (makes_sense && horizon / dt <= most_steps) continue;
    if (makes_sense) {
      throw base::UsageError(fmt::format(
          "the horizon {:g} is {:.3g} time steps of the data ({:g} each), more than {:.0f}",
          horizon, horizon / dt, dt, most_steps));
    }
    throw base::UsageError(
        fmt::format("the horizon {:g} must be finite and at least the time step of the data, {:g}",
                    horizon, dt));
  }
}

[[noreturn]] void fail_beyond(const Task& task, double end) {
  throw base::DataError(fmt::format(
      "'{}': the horizon {:g} lies beyond its test times, which end after {:g}, and the system "
      "'{}' cannot be integrated",
      task.source, task.horizons.back(), end, task.system));
}

// (m, times, D): the states of the file where they reach far enough, else integrated
std::vector<double> true_states(const DatasetFile& file, const Task& task, const Part& test,
                                std::int64_t times) {
  const std::int64_t dimension = task.dimension();
  const std::int64_t stored = std::ranges::max(test.lengths);
  if (times <= stored) {
    Part head = test;
    head.times.resize(static_cast<std::size_t>(times));
    for (std::size_t k = 0; k < head.lengths.size(); ++k) {
      head.lengths[k] =
          task.own_times.empty() ? std::min(head.lengths[k], times) : std::ssize(task.own_times[k]);
    }
    return read_filled(file, "trajectories/state", head, dimension);
  }
  const sim::System* system = sim::known_system(task.system);
  if (system == nullptr) fail_beyond(task, static_cast<double>(stored - 1) * task.dt);
  std::vector<double> grid;
  for (std::int64_t n = 0; n < times; ++n) grid.push_back(static_cast<double>(n) * task.dt);
  return sim::integrate_many(*system, task.constants, task.starts.to_vector(), grid,
                             {.method = system->integrator});
}

// How many points the test trajectories have up to the longest horizon, after own_times was set
// to theirs.
std::int64_t take_own_times(const DatasetFile& file, const Part& test, Task& task) {
  const double end = add_own_times(file, test, task);
  check_horizons(task.horizons, task.usual_step);
  if (task.horizons.back() > end * (1 + 1e-9)) fail_beyond(task, end);
  std::size_t most = 0;
  for (std::vector<double>& times : task.own_times) {
    std::erase_if(times, [&](double t) { return t > task.horizons.back() * (1 + 1e-9); });
    most = std::max(most, times.size());
  }
  return static_cast<std::int64_t>(most);
}

}  // namespace

double add_own_times(const DatasetFile& file, const Part& part, Task& task) {
  task.own_times = times_of(file, part);
  task.all_own_times.clear();
  double end = 0;
  std::vector<double> steps;
  for (std::vector<double>& times : task.own_times) {
    for (std::size_t n = 1; n < times.size(); ++n) steps.push_back(times[n] - times[n - 1]);
    const double start = times.front();
    for (double& t : times) t -= start;
    task.all_own_times.insert(task.all_own_times.end(), times.begin(), times.end());
    end = std::max(end, times.back());
  }
  if (steps.empty())
    throw base::DataError(fmt::format("'{}' has no trajectory of two points", task.source));
  const auto middle = steps.begin() + std::ssize(steps) / 2;
  std::ranges::nth_element(steps, middle);
  task.usual_step = *middle;
  return end;
}

void add_truth(const DatasetFile& file, const Part& test, std::vector<double> horizons,
               Task& task) {
  if (test.empty())
    throw base::DataError(fmt::format("'{}' has no test split to predict", task.source));
  task.horizons = std::move(horizons);
  std::ranges::sort(task.horizons);
  const std::int64_t m = std::ssize(test.trajectories), d = task.dimension();
  std::int64_t times = 0;
  if (task.dt > 0) {
    check_horizons(task.horizons, task.dt);
    times = steps_within(task.horizons.back(), task.dt) + 1;
  } else {
    times = take_own_times(file, test, task);
  }
  Part first = test;
  first.times.resize(1);
  std::ranges::fill(first.lengths, 1);
  task.starts = Tensor::from<double>(read_part(file, "trajectories/state", first, d), {m, d});
  const auto states = true_states(file, task, test, times);
  for (std::int64_t n = 0; n < times; ++n) {
    task.truth.push_back(Tensor::build<double>({m, d}, [&](std::span<double> out) {
      for (std::int64_t i = 0; i < m; ++i)
        std::copy_n(states.begin() + (i * times + n) * d, d, out.begin() + i * d);
    }));
  }
}

int steps_within(double horizon, double dt) {
  // 3 / (3 / 44) must be 44 steps, whichever way it rounds
  return static_cast<int>(std::floor(horizon / dt * (1 + 1e-9)));
}

bool has_truth(const Task& task, std::size_t n, std::size_t i) {
  const Tensor& at = task.truth.at(n);
  return at.defined() &&
         !std::isnan(at.data<double>()[i * static_cast<std::size_t>(task.dimension())]);
}

bool is_within(const Task& task, std::size_t n, std::size_t i, double horizon) {
  if (task.own_times.empty()) return n <= static_cast<std::size_t>(steps_within(horizon, task.dt));
  return n < task.own_times[i].size() && task.own_times[i][n] <= horizon * (1 + 1e-9);
}

std::size_t last_within(const Task& task, std::size_t i, double horizon) {
  std::size_t n = task.truth.size() - 1;
  while (n > 0 && !is_within(task, n, i, horizon)) --n;
  // a time at which nothing was measured of any trajectory is not its end
  while (n > 0 && task.truth[n].defined() && !has_truth(task, n, i)) --n;
  return n;
}

}  // namespace noether::bench
