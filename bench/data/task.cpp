#include "bench/data/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/error.h"
#include "bench/data/denoise.h"
#include "bench/data/recording.h"
#include "bench/data/split.h"
#include "dataset/exchange/import_lipson.h"
#include "dataset/recording/trials.h"
#include "dataset/store/schema.h"
#include "sim/integrator.h"
#include "sim/system.h"

namespace noether::bench {
namespace {

using dataset::DatasetFile;
using learn::Tensor;

// The rows [first, last) of time of some trajectories: a split along either axis is of this form.
struct Part {
  std::vector<std::int64_t> trajectories;
  std::vector<std::int64_t> times;
};

std::string file_name(const DatasetFile& file) { return file.h5().path().string(); }

void check_schema(const DatasetFile& file) {
  if (file.schema() == dataset::trajectories_schema) return;
  throw base::DataError(fmt::format("'{}' holds episodes, schema '{}'; '{}' was expected",
                                    file_name(file), file.schema(), dataset::trajectories_schema));
}

std::vector<std::int64_t> upto(std::int64_t n) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < n; ++i) all.push_back(i);
  return all;
}

// Splits are by trajectory, but where a file says that they are by time: an import of one trial.
Part part_of(const DatasetFile& file, const std::string& split, std::int64_t times) {
  const bool along_time = file.h5().text_attribute("splits/" + split, "axis") == "time";
  const auto indices = split_of(file, split, along_time ? times : file.samples());
  return along_time ? Part{upto(file.samples()), indices} : Part{indices, upto(times)};
}

// the part of an array (N, T, D), [trajectories * times, D]
std::vector<double> read_part(const DatasetFile& file, const std::string& array, const Part& part,
                              std::int64_t dimension) {
  std::vector<double> values;
  for (const std::int64_t i : part.trajectories) {
    const auto row = file.rows<double>(array, i, 1);
    for (const std::int64_t t : part.times) {
      const auto point = row.begin() + t * dimension;
      values.insert(values.end(), point, point + dimension);
      if (std::all_of(point, point + dimension, [](double v) { return std::isfinite(v); }))
        continue;
      throw base::DataError(fmt::format(
          "'{}': '{}' holds a number that is not finite in trajectory {} at time index {}",
          file_name(file), array, i, t));
    }
  }
  return values;
}

Tensor rows(const std::vector<double>& values, std::int64_t dimension, learn::DType dtype) {
  const auto n = static_cast<std::int64_t>(values.size()) / dimension;
  return learn::cast(Tensor::from<double>(values, {n, dimension}), dtype);
}

// the common difference of evenly spaced times, else 0
double spacing(const std::vector<double>& times) {
  if (times.size() < 2) return 0;
  const double span = times.back() - times.front();
  const double dt = span / static_cast<double>(times.size() - 1);
  for (std::size_t n = 0; n < times.size(); ++n) {
    // stored times are rounded once, to 2^-53 of their size; an uneven grid is off by far more
    if (!(std::abs(times[n] - (times.front() + static_cast<double>(n) * dt)) <= 1e-9 * span))
      return 0;
  }
  return dt;
}

const sim::System* known_system(const std::string& name) {
  const auto found = std::ranges::find(sim::all_systems(), name, &sim::System::name);
  return found == sim::all_systems().end() ? nullptr : &*found;
}

std::vector<double> constants_of(const DatasetFile& file, const sim::System& system) {
  std::vector<double> constants;
  for (const auto& constant : system.constants) constants.push_back(file.number(constant.name));
  return constants;
}

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

// (m, times, D): the states of the file where they reach far enough, else integrated
std::vector<double> true_states(const DatasetFile& file, const Task& task, const Part& test,
                                std::int64_t times) {
  const std::int64_t dimension = task.dimension();
  const auto stored = static_cast<std::int64_t>(test.times.size());
  if (times <= stored) {
    Part head = test;
    head.times.resize(static_cast<std::size_t>(times));
    return read_part(file, "trajectories/state", head, dimension);
  }
  const sim::System* system = known_system(task.system);
  if (system == nullptr) {
    throw base::DataError(fmt::format(
        "'{}': the horizon {:g} lies beyond its test times, which end after {:g}, and the system "
        "'{}' cannot be integrated",
        task.source, task.horizons.back(), static_cast<double>(stored - 1) * task.dt, task.system));
  }
  std::vector<double> grid;
  for (std::int64_t n = 0; n < times; ++n) grid.push_back(static_cast<double>(n) * task.dt);
  return sim::integrate_many(*system, task.constants, task.starts.to_vector(), grid,
                             {.method = system->integrator});
}

void add_truth(const DatasetFile& file, const Part& test, const TaskOptions& options, Task& task) {
  if (test.trajectories.empty() || test.times.empty())
    throw base::DataError(fmt::format("'{}' has no test split to predict", task.source));
  if (task.dt <= 0) {
    throw base::DataError(
        fmt::format("'{}': its times are not evenly spaced: there is no time step to predict with",
                    task.source));
  }
  task.horizons = options.horizons;
  std::ranges::sort(task.horizons);
  check_horizons(task.horizons, task.dt);
  const std::int64_t times = steps_within(task.horizons.back(), task.dt) + 1,
                     m = static_cast<std::int64_t>(test.trajectories.size()), d = task.dimension();
  Part first = test;
  first.times.resize(1);
  task.starts = rows(read_part(file, "trajectories/state", first, d), d, learn::DType::f64);
  const auto states = true_states(file, task, test, times);
  for (std::int64_t n = 0; n < times; ++n) {
    task.truth.push_back(Tensor::build<double>({m, d}, [&](std::span<double> out) {
      for (std::int64_t i = 0; i < m; ++i)
        std::copy_n(states.begin() + (i * times + n) * d, d, out.begin() + i * d);
    }));
  }
}

void add_train(const DatasetFile& file, const Part& train, const TaskOptions& options, Task& task) {
  const std::int64_t d = task.dimension();
  task.trajectories = static_cast<std::int64_t>(train.trajectories.size());
  task.samples = static_cast<std::int64_t>(train.times.size());
  // an import whose states were smoothed is denoised already
  const bool is_smoothed =
      file.h5().text_attribute("", "derivatives") == dataset::by_smoothing && options.denoise;
  const std::string input =
      options.noise_free || is_smoothed ? "trajectories/state" : "trajectories/observation";
  const auto noise = file.h5().attribute("trajectories/observation", "noise_std");
  if (!options.noise_free && !is_smoothed && noise && std::holds_alternative<double>(*noise))
    task.noise_std = std::get<double>(*noise);
  Tensor x = rows(read_part(file, input, train, d), d, learn::DType::f64);
  const Tensor dx_dt =
      rows(read_part(file, "trajectories/dstate_dt", train, d), d, learn::DType::f64);
  if (options.denoise && task.noise_std > 0) {
    check_train_split(task);
    if (task.dt <= 0) {
      throw base::DataError(fmt::format(
          "'{}': its times are not evenly spaced, so it cannot be denoised", task.source));
    }
    x = base::with_context(fmt::format("'{}'", task.source),
                           [&] { return denoised(x, dx_dt, task.trajectories, task.dt); });
    task.offset_variance = task.noise_std * task.noise_std / static_cast<double>(task.samples);
  }
  task.x = learn::cast(x, options.dtype);
  task.dx_dt = learn::cast(dx_dt, options.dtype);
}

// Whether derivatives are only differences between the points of one trial, split along time.
bool is_recorded_trial(const DatasetFile& file, const Part& train) {
  const bool is_whole = !train.times.empty() &&
                        train.times.back() - train.times.front() + 1 == std::ssize(train.times);
  const bool is_known = !file.h5().text_attribute("", "derivatives").empty();
  return file.text("system") == dataset::imported_system && !is_known && file.samples() == 1 &&
         is_whole;
}

void add_recorded_train(const DatasetFile& file, const Part& train, const TaskOptions& options,
                        Task& task) {
  const Recording recording =
      part(read_recording(file), train.times.front(), train.times.back() + 1);
  const auto [x, dx_dt] = slopes(recording, Differences::central);
  if (!x.defined()) {
    throw base::DataError(fmt::format(
        "'{}' has gaps between all of its points: no central difference is left to learn from",
        task.source));
  }
  task.trajectories = 1;
  task.samples = x.shape()[0];
  task.is_recorded = true;
  task.x = learn::cast(x, options.dtype);
  task.dx_dt = learn::cast(dx_dt, options.dtype);
}

}  // namespace

std::vector<double> default_horizons(const DatasetFile& file) {
  check_schema(file);
  const auto times = file.read<double>("dimensions/time");
  const Part test = part_of(file, "test", std::ssize(times));
  if (test.trajectories.empty() || test.times.size() < 2)
    throw base::DataError(fmt::format("'{}' has no test split to predict", file_name(file)));
  const auto at = [&](std::int64_t n) { return times.at(static_cast<std::size_t>(n)); };
  const double length = at(test.times.back()) - at(test.times.front());
  if (known_system(file.text("system")) == nullptr) return {length};
  return {length, length * 10 / 3};
}

void check_train_split(const Task& task) {
  if (task.trajectories > 0 && task.samples > 0) return;
  throw base::DataError(fmt::format("'{}' has no train split to learn from", task.source));
}

bool is_imported(const Task& task) { return task.system == dataset::imported_system; }

int steps_within(double horizon, double dt) {
  // 3 / (3 / 44) must be 44 steps, whichever way it rounds
  return static_cast<int>(std::floor(horizon / dt * (1 + 1e-9)));
}

Task load_task(const DatasetFile& file, const TaskOptions& options) {
  check_schema(file);
  const auto times = file.read<double>("dimensions/time");
  Task task{.source = file_name(file),
            .content_sha256 = file.text("content_sha256"),
            .system = file.text("system"),
            .coordinates = file.names("coordinate_names"),
            .dt = spacing(times),
            .time_unit = file.h5().text_attribute("dimensions/time", "units")};
  task.derivatives = file.h5().text_attribute("", "derivatives");
  const auto error = file.h5().attribute("trajectories/dstate_dt", "relative_error");
  if (error && std::holds_alternative<double>(*error))
    task.derivative_error = std::get<double>(*error);
  const std::int64_t d = task.dimension();
  for (std::size_t k = 0; k < task.coordinates.size(); ++k)
    task.units.push_back(dataset::column_unit(file.h5(), "trajectories/state", k));
  const auto shape = file.h5().describe("trajectories/state").shape;
  if (d < 1 || shape.at(2) != d) {
    throw base::DataError(fmt::format("'{}': {} coordinate names, but '{}' has shape {}",
                                      task.source, d, "trajectories/state",
                                      dataset::shape_text(shape)));
  }
  const sim::System* system = known_system(task.system);
  if (system != nullptr && system->dimension() == static_cast<std::size_t>(d))
    task.constants = constants_of(file, *system);
  task.followed = first_energy(followed_of_file(file),
                               followed_of_system(task.system, task.constants, task.dimension()));

  const auto count = static_cast<std::int64_t>(times.size());
  const Part train = part_of(file, "train", count), test = part_of(file, "test", count);
  if (options.central && is_recorded_trial(file, train)) {
    add_recorded_train(file, train, options, task);
  } else {
    add_train(file, train, options, task);
  }
  if (!test.trajectories.empty() && !test.times.empty()) {
    task.test_x = rows(read_part(file, "trajectories/state", test, d), d, options.dtype);
    task.test_dx_dt = rows(read_part(file, "trajectories/dstate_dt", test, d), d, options.dtype);
  }
  if (!options.horizons.empty()) add_truth(file, test, options, task);
  return task;
}

Task load_task(const std::filesystem::path& path, const TaskOptions& options) {
  return load_task(DatasetFile(path), options);
}

}  // namespace noether::bench
