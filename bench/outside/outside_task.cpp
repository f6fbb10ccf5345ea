#include "bench/outside/outside_task.h"

#include <fmt/format.h>

#include <span>

#include "base/output_file.h"
#include "base/sha256.h"
#include "bench/data/split.h"
#include "dataset/store/h5.h"

namespace noether::bench {
namespace {

using dataset::Array;
using dataset::ElementType;

constexpr const char* along_time = "time";

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

std::vector<Array> arrays_of(const OutsideTask& outside) {
  const Task& task = outside.task;
  const dataset::Shape points{task.trajectories, task.samples, task.dimension()};
  std::vector<double> horizon;
  for (std::size_t n = 0; n < task.truth.size(); ++n)
    horizon.push_back(static_cast<double>(n) * task.dt);
  return {numbers("train/time", {std::ssize(outside.times)}, outside.times, "times of the points"),
          numbers("train/observation", points, task.x.data<double>(),
                  "states as they were observed, with noise"),
          numbers("train/state", points, outside.states.data<double>(),
                  "states without noise, as far as it can be removed"),
          numbers("train/derivative", points, task.dx_dt.data<double>(), "dx/dt"),
          indices("train/index", outside.train, "the train split of the data"),
          numbers("test/time", {std::ssize(horizon)}, horizon,
                  "times to predict; the first is that of the start"),
          numbers("test/start", {task.starts.shape()[0], task.dimension()},
                  task.starts.data<double>(), "true states at the first time"),
          indices("test/index", outside.test, "the test split of the data")};
}

std::vector<dataset::Attribute> attributes_of(const Task& task) {
  return {{"task", fingerprint(task)},       {"system", task.system},
          {"coordinates", task.coordinates}, {"units", task.units},
          {"time_unit", task.time_unit},     {"noise_std", task.noise_std}};
}

}  // namespace

OutsideTask outside_task(const dataset::DatasetFile& file, const std::vector<double>& horizons) {
  OutsideTask outside{.task = load_task(file, {.horizons = horizons, .dtype = learn::DType::f64})};
  outside.states = load_task(file, {.denoise = true, .dtype = learn::DType::f64}).x;
  const auto times = file.read<double>("dimensions/time");
  const bool is_along_time = file.h5().text_attribute("splits/train", "axis") == along_time;
  const auto limit = is_along_time ? std::ssize(times) : file.samples();
  outside.train = split_of(file, "train", limit);
  outside.test = split_of(file, "test", limit);
  outside.times = times;
  if (is_along_time) {
    outside.times.clear();
    for (const std::int64_t t : outside.train)
      outside.times.push_back(times[static_cast<std::size_t>(t)]);
  }
  check_train_split(outside.task);
  return outside;
}

std::string fingerprint(const Task& task) {
  check_common_times(task);
  base::Sha256 hash;
  for (const learn::Tensor* values : {&task.x, &task.dx_dt, &task.starts})
    hash.update(std::as_bytes(values->data<double>()));
  hash.update(std::as_bytes(std::span(&task.dt, 1)));
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
