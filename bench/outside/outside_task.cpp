#include "bench/outside/outside_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <span>

#include "base/output_file.h"
#include "base/sha256.h"
#include "bench/data/part.h"
#include "dataset/store/h5.h"

namespace noether::bench {
namespace {

using dataset::Array;
using dataset::ElementType;

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

Array numbers(const std::string& path, const dataset::Shape& shape, std::span<const double> values,
              const std::string& description) {
  return {.path = path,
          .shape = shape,
          .attributes = {{"description", description}},
          .content = dataset::to_bytes(values)};
}

Array indices(const std::string& path, const std::vector<std::int64_t>& values,
              const std::string& description) {
  return {.path = path,
          .type = ElementType::i8,
          .shape = {std::ssize(values)},
          .attributes = {{"description", description}},
          .content = dataset::to_bytes(std::span<const std::int64_t>(values))};
}

// Rows of numbers, each trajectory filled up with NaN to the length of the longest.
std::vector<double> filled(std::span<const double> values, const std::vector<std::int64_t>& lengths,
                           std::int64_t longest, std::int64_t dimension) {
  std::vector<double> all;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto own = static_cast<std::size_t>(lengths[i] * dimension);
    all.insert(all.end(), values.begin(), values.begin() + static_cast<std::ptrdiff_t>(own));
    all.resize((i + 1) * static_cast<std::size_t>(longest * dimension), no_number);
    values = values.subspan(own);
  }
  return all;
}

Array times_array(const std::string& path, const std::vector<std::vector<double>>& times,
                  const std::string& description) {
  const bool are_common = std::ranges::adjacent_find(times, std::not_equal_to<>()) == times.end();
  if (are_common) return numbers(path, {std::ssize(times.front())}, times.front(), description);
  std::vector<double> all;
  std::vector<std::int64_t> lengths;
  for (const auto& own : times) {
    all.insert(all.end(), own.begin(), own.end());
    lengths.push_back(std::ssize(own));
  }
  const std::int64_t longest = std::ranges::max(lengths);
  return numbers(path, {std::ssize(times), longest}, filled(all, lengths, longest, 1),
                 description + ", of each trajectory; NaN after its end");
}

std::vector<std::vector<double>> test_times(const Task& task) {
  if (!task.own_times.empty()) return task.own_times;
  std::vector<double> common;
  for (std::size_t n = 0; n < task.truth.size(); ++n)
    common.push_back(static_cast<double>(n) * task.dt);
  return {common};
}

std::vector<Array> arrays_of(const OutsideTask& outside) {
  const Task& task = outside.task;
  const auto points = [&](const std::string& path, const learn::Tensor& values,
                          const std::string& description) {
    return numbers(path, {task.trajectories, task.samples, task.dimension()},
                   filled(values.data<double>(), lengths_of(task), task.samples, task.dimension()),
                   description);
  };
  return {
      times_array("train/time", outside.times, "times of the points"),
      points("train/observation", task.x, "states as they were observed, with noise"),
      points("train/state", outside.states, "states without noise, as far as it can be removed"),
      points("train/derivative", task.dx_dt, "dx/dt"),
      indices("train/index", outside.train, "the train split of the data"),
      times_array("test/time", test_times(task),
                  "times to predict; the first is that of the start"),
      numbers("test/start", {task.starts.shape()[0], task.dimension()}, task.starts.data<double>(),
              "true states at the first time"),
      indices("test/index", outside.test, "the test split of the data")};
}

std::vector<dataset::Attribute> attributes_of(const Task& task) {
  return {{"task", fingerprint(task)},       {"system", task.system},
          {"coordinates", task.coordinates}, {"units", task.units},
          {"time_unit", task.time_unit},     {"step", task.dt > 0 ? task.dt : task.usual_step},
          {"noise_std", task.noise_std}};
}

}  // namespace

OutsideTask outside_task(const dataset::DatasetFile& file, const std::vector<double>& horizons) {
  OutsideTask outside{.task = load_task(file, {.horizons = horizons, .dtype = learn::DType::f64})};
  outside.states = load_task(file, {.denoise = true, .dtype = learn::DType::f64}).x;
  const Part train = part_of(file, "train"), test = part_of(file, "test");
  const auto indices_of = [&](const std::string& split, const Part& part) {
    const bool is_along_time = file.h5().text_attribute("splits/" + split, "axis") == "time";
    return is_along_time ? part.times : part.trajectories;
  };
  outside.train = indices_of("train", train);
  outside.test = indices_of("test", test);
  outside.times = times_of(file, train);
  check_train_split(outside.task);
  return outside;
}

std::string fingerprint(const Task& task) {
  base::Sha256 hash;
  for (const learn::Tensor* values : {&task.x, &task.dx_dt, &task.starts})
    hash.update(std::as_bytes(values->data<double>()));
  hash.update(std::as_bytes(std::span(task.dt > 0 ? &task.dt : &task.usual_step, 1)));
  hash.update(std::as_bytes(std::span(task.lengths)));
  hash.update(std::as_bytes(std::span(task.all_own_times)));
  return hash.hex();
}

void write_outside_task(const OutsideTask& outside, const std::filesystem::path& path) {
  base::write_whole(path, path.string() + ".partial", [&](const std::filesystem::path& temporary) {
    auto file = dataset::H5File::create(temporary);
    for (const auto& attribute : attributes_of(outside.task)) file.set_attribute("", attribute);
    for (const Array& array : arrays_of(outside)) {
      file.create_array(array);
      if (!array.content.empty()) file.write_rows(array.path, 0, array.content);
    }
    file.close();
  });
}

std::string outside_folder(double noise, std::uint64_t seed) {
  return fmt::format("noise-{}-seed-{}", noise, seed);
}

}  // namespace noether::bench
