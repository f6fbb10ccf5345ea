#include "bench/discovery/searched_data.h"

#include <algorithm>

#include "learn/autodiff/ops.h"

namespace noether::bench {

using learn::symbolic::Trajectories;

namespace {

// The value of coordinate k in each trajectory; nothing where it has more than one in some.
std::vector<double> still_values(const Trajectories& data, std::size_t k) {
  std::vector<double> values;
  const auto starts = data.starts();
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    const auto first = data.x[k].begin() + starts[i], last = data.x[k].begin() + starts[i + 1];
    if (std::ranges::count(first, last, *first) != last - first) return {};
    values.push_back(*first);
  }
  return values;
}

}  // namespace

Trajectories trajectories_of(const Task& task) {
  check_train_split(task);
  Trajectories data{.coordinates = task.coordinates,
                    .count = task.trajectories,
                    .samples = task.samples,
                    .lengths = task.lengths,
                    .offset_variance = task.offset_variance};
  const auto d = static_cast<std::size_t>(task.dimension());
  data.x.resize(d);
  data.dx_dt.resize(d);
  const auto x = task.x.data<double>(), dx_dt = task.dx_dt.data<double>();
  for (std::size_t i = 0; i < x.size(); ++i) {
    data.x[i % d].push_back(x[i]);
    data.dx_dt[i % d].push_back(dx_dt[i]);
  }
  return data;
}

std::vector<std::string> without_still(Task& task) {
  // a smoothing spline is searched beside its observations, column by column
  if (task.observed.defined()) return {};
  const Trajectories data = trajectories_of(task);
  std::vector<std::string> names;
  learn::Tensors x, dx_dt;
  for (std::size_t k = 0; k < data.x.size(); ++k) {
    const auto values = still_values(data, k);
    const auto column = static_cast<std::int64_t>(k);
    if (values.empty()) {
      x.push_back(learn::column(task.x, column));
      dx_dt.push_back(learn::column(task.dx_dt, column));
      continue;
    }
    names.push_back(task.coordinates[k]);
    const bool differs = std::ranges::count(values, values[0]) != std::ssize(values);
    if (differs) task.parameters.push_back({task.coordinates[k], task.units[k], values});
  }
  if (names.empty() || x.empty()) return {};
  for (const std::string& name : names) {
    const auto at = std::ranges::find(task.coordinates, name);
    task.units.erase(task.units.begin() + (at - task.coordinates.begin()));
    task.coordinates.erase(at);
  }
  task.x = learn::concat(x, 1);
  task.dx_dt = learn::concat(dx_dt, 1);
  return names;
}

Task with_parameters(Task task, Trajectories& data) {
  if (data.offset_variance > 0 || task.observed.defined()) return task;
  const auto starts = data.starts();
  for (const TaskParameter& parameter : task.parameters) {
    task.coordinates.push_back(parameter.name);
    task.units.push_back(parameter.unit);
    data.coordinates.push_back(parameter.name);
    data.dx_dt.emplace_back(static_cast<std::size_t>(data.points()));
    std::vector<double>& column = data.x.emplace_back();
    for (std::size_t k = 0; k < parameter.values.size(); ++k)
      column.resize(static_cast<std::size_t>(starts[k + 1]), parameter.values[k]);
    ++data.parameters;
  }
  return task;
}

}  // namespace noether::bench
