#include "bench/data/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/error.h"
#include "bench/data/denoise.h"
#include "bench/data/part.h"
#include "bench/data/recording.h"
#include "bench/data/truth.h"
#include "dataset/exchange/import_lipson.h"
#include "dataset/recording/trials.h"
#include "dataset/store/schema.h"
#include "sim/system.h"

namespace noether::bench {
namespace {

using dataset::DatasetFile;
using learn::Tensor;

std::string file_name(const DatasetFile& file) { return file.h5().path().string(); }

void check_schema(const DatasetFile& file) {
  if (file.schema() == dataset::trajectories_schema) return;
  if (!file.has_actions())
    throw base::DataError(fmt::format(
        "'{}' is a film; its states alone, which are learned from here, are made by the command of "
        "the film, `{}`, without its settings of film (frames)",
        file_name(file), file.text("command_line")));
  throw base::DataError(fmt::format("'{}' holds episodes, schema '{}'; '{}' was expected",
                                    file_name(file), file.schema(), dataset::trajectories_schema));
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

// the time between points, if it is one for all
double step_of(const DatasetFile& file) {
  if (file.h5().contains(dataset::own_times_array)) return 0;
  return spacing(file.read<double>("dimensions/time"));
}

// Of the trajectories of a part: C numbers where they are the same for all, else (m, C). What a
// file does not hold has its default.
std::vector<double> constants_of(const DatasetFile& file, const sim::System& system,
                                 const Part& part) {
  const std::size_t count = system.constants.size();
  std::vector<double> all(std::max<std::size_t>(part.trajectories.size(), 1) * count);
  bool is_one = true;
  for (std::size_t k = 0; k < count; ++k) {
    const sim::Constant& constant = system.constants[k];
    const std::string path = "parameters/" + constant.name;
    std::vector<double> values(static_cast<std::size_t>(file.samples()), constant.value);
    if (file.h5().contains(path)) values = file.read<double>(path);
    for (std::size_t i = 0; i * count < all.size(); ++i) {
      const auto trajectory = part.empty() ? 0 : static_cast<std::size_t>(part.trajectories[i]);
      all[i * count + k] = values.at(trajectory);
      is_one = is_one && all[i * count + k] == all[k];
    }
  }
  if (is_one) all.resize(count);
  return all;
}

// The observations of the train split, denoised by the derivatives.
Tensor denoised_part(const DatasetFile& file, const Part& train, const Tensor& x,
                     const Tensor& dx_dt, Task& task) {
  check_train_split(task);
  double offset = 0;  // the mean of 1 / T
  for (const std::int64_t length : train.lengths) offset += 1 / static_cast<double>(length);
  task.offset_variance =
      train.is_even()
          ? task.noise_std * task.noise_std / static_cast<double>(task.samples)
          : task.noise_std * task.noise_std * offset / static_cast<double>(task.trajectories);
  return base::with_context(fmt::format("'{}'", task.source), [&] {
    if (task.dt > 0 && train.is_even()) return denoised(x, dx_dt, task.trajectories, task.dt);
    return denoised(x, dx_dt, times_of(file, train));
  });
}

void add_train(const DatasetFile& file, const Part& train, const TaskOptions& options, Task& task) {
  const std::int64_t d = task.dimension();
  task.trajectories = static_cast<std::int64_t>(train.trajectories.size());
  task.samples = train.empty() ? 0 : std::ranges::max(train.lengths);
  if (!train.is_even()) task.lengths = train.lengths;
  task.times = times_of(file, train);
  // an import whose states were smoothed is denoised already
  const bool is_smoothed =
      file.h5().text_attribute("", "derivatives") == dataset::by_smoothing && options.denoise;
  const std::string input =
      options.noise_free || is_smoothed ? "trajectories/state" : "trajectories/observation";
  const auto noise = file.h5().attribute("trajectories/observation", "noise_std");
  if (!options.noise_free && !is_smoothed && noise && std::holds_alternative<double>(*noise))
    task.noise_std = std::get<double>(*noise);
  Tensor x = rows(read_part(file, input, train, d), d, learn::DType::f64);
  if (is_smoothed && !options.noise_free) {
    task.observed =
        rows(read_part(file, "trajectories/observation", train, d), d, learn::DType::f64);
  }
  const Tensor dx_dt =
      rows(read_part(file, "trajectories/dstate_dt", train, d), d, learn::DType::f64);
  if (options.denoise && task.noise_std > 0) x = denoised_part(file, train, x, dx_dt, task);
  task.x = learn::cast(x, options.dtype);
  task.dx_dt = learn::cast(dx_dt, options.dtype);
}

// What /parameters holds of the trajectories, where it differs between them.
std::vector<TaskParameter> parameters_of(const DatasetFile& file, const Part& train) {
  constexpr std::string_view folder = "parameters/";
  std::vector<TaskParameter> parameters;
  for (const std::string& path : file.h5().array_paths()) {
    if (!path.starts_with(folder)) continue;
    const auto all = file.read<double>(path);
    TaskParameter parameter{
        path.substr(folder.size()), file.h5().text_attribute(path, "units"), {}};
    for (const std::int64_t i : train.trajectories)
      parameter.values.push_back(all.at(static_cast<std::size_t>(i)));
    const auto& values = parameter.values;
    if (values.empty() || std::ranges::count(values, values[0]) == std::ssize(values)) continue;
    parameters.push_back(std::move(parameter));
  }
  return parameters;
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
  const Part test = part_of(file, "test");
  double length = 0;
  for (const auto& times : times_of(file, test)) {
    if (!times.empty()) length = std::max(length, times.back() - times.front());
  }
  if (!(length > 0))
    throw base::DataError(fmt::format("'{}' has no test split to predict", file_name(file)));
  const bool goes_on = sim::known_system(file.text("system")) != nullptr && step_of(file) > 0;
  if (!goes_on) return {length};
  return {length, length * 10 / 3};
}

learn::ObservedMotion motion_of(const Task& task) { return {task.x, task.times}; }

void check_train_split(const Task& task) {
  if (task.trajectories > 0 && task.samples > 0) return;
  throw base::DataError(fmt::format("'{}' has no train split to learn from", task.source));
}

bool has_own_constants(const Task& task) {
  const sim::System* system = sim::known_system(task.system);
  return system != nullptr && task.constants.size() > system->constants.size();
}

bool is_imported(const Task& task) { return task.system == dataset::imported_system; }

std::vector<std::int64_t> lengths_of(const Task& task) {
  if (!task.lengths.empty()) return task.lengths;
  return std::vector<std::int64_t>(static_cast<std::size_t>(task.trajectories), task.samples);
}

Task load_task(const DatasetFile& file, const TaskOptions& options) {
  check_schema(file);
  Task task{.source = file_name(file),
            .content_sha256 = file.text("content_sha256"),
            .system = file.text("system"),
            .coordinates = file.names("coordinate_names"),
            .dt = step_of(file),
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
  const Part train = part_of(file, "train"), test = part_of(file, "test");
  const sim::System* system = sim::known_system(task.system);
  if (system != nullptr && system->dimension() == static_cast<std::size_t>(d))
    task.constants = constants_of(file, *system, test);
  task.followed = first_energy(followed_of_file(file),
                               followed_of_system(task.system, task.constants, task.dimension()));

  task.parameters = parameters_of(file, train);
  task.has_own_times = file.has_own_times() || task.dt == 0;
  if (options.central && is_recorded_trial(file, train)) {
    add_recorded_train(file, train, options, task);
  } else {
    add_train(file, train, options, task);
  }
  if (!test.empty()) {
    task.test_x = rows(read_part(file, "trajectories/state", test, d), d, options.dtype);
    task.test_dx_dt = rows(read_part(file, "trajectories/dstate_dt", test, d), d, options.dtype);
  }
  if (!options.horizons.empty()) add_truth(file, test, options.horizons, task);
  return task;
}

Task load_task(const std::filesystem::path& path, const TaskOptions& options) {
  return load_task(DatasetFile(path), options);
}

}  // namespace noether::bench
