#include "bench/outside/predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "dataset/store/dataset_file.h"

namespace noether::bench {
namespace {

using dataset::ElementType;

constexpr const char* array = "prediction";

void check_task(const dataset::H5File& file, const std::string& fingerprint) {
  const std::string of = file.text_attribute("", "task");
  if (of == fingerprint) return;
  if (of.empty()) throw base::DataError("it has no attribute 'task': copy that of the task file");
  throw base::DataError(
      fmt::format("it predicts another task, '{:.12}', not '{:.12}'", of, fingerprint));
}

// The numbers as float64, and their shape (m, H, D).
std::vector<double> numbers(const dataset::H5File& file, const dataset::H5Array& about) {
  if (about.type == ElementType::f8) return dataset::read_array<double>(file, array);
  const auto values = dataset::read_array<float>(file, array);
  return {values.begin(), values.end()};
}

dataset::H5Array described(const dataset::H5File& file, const Task& task) {
  if (!file.contains(array)) throw base::DataError(fmt::format("it holds no array '{}'", array));
  dataset::H5Array about = file.describe(array);
  if (about.type != ElementType::f8 && about.type != ElementType::f4) {
    throw base::DataError(fmt::format("'{}' holds {}; float32 or float64 was expected", array,
                                      about.type ? element_name(*about.type) : about.type_name));
  }
  const dataset::Shape expected{task.starts.shape()[0], std::ssize(task.truth), task.dimension()};
  const auto& shape = about.shape;
  if (shape.size() == 3 && shape[0] == expected[0] && shape[1] >= expected[1] &&
      shape[2] == expected[2]) {
    return about;
  }
  throw base::DataError(fmt::format(
      "'{}' has shape {}; {} was expected: test trajectories, times up to the horizon "
      "{:g}, coordinates",
      array, dataset::shape_text(shape), dataset::shape_text(expected), task.horizons.back()));
}

// A model that begins elsewhere has taken the trajectories, or their coordinates, in another order.
void check_starts(const learn::Tensor& first, const Task& task) {
  const auto predicted = first.data<double>(), starts = task.starts.data<double>();
  const auto d = static_cast<std::size_t>(task.dimension());
  std::vector<double> size(d, 0);
  for (std::size_t at = 0; at < starts.size(); ++at)
    size[at % d] = std::max(size[at % d], std::abs(starts[at]));
  constexpr double rounding = 1e-5;  // some of float32, over the largest
  for (std::size_t at = 0; at < starts.size(); ++at) {
    if (std::abs(predicted[at] - starts[at]) <= rounding * size[at % d]) continue;
    throw base::DataError(fmt::format(
        "'{}' does not begin at test/start: '{}' of trajectory {} is {:g} there and {:g} here",
        array, task.coordinates[at % d], at / d, starts[at], predicted[at]));
  }
}

}  // namespace

learn::Tensors read_predictions(const std::filesystem::path& path, const Task& task,
                                const std::string& fingerprint) {
  const dataset::H5File file = dataset::open_h5(path);
  return base::with_context(fmt::format("'{}'", path.string()), [&] {
    check_task(file, fingerprint);
    const dataset::H5Array about = described(file, task);
    const std::vector<double> all = numbers(file, about);
    const std::int64_t m = about.shape[0], times = about.shape[1], d = about.shape[2];
    learn::Tensors predicted;
    for (std::int64_t n = 0; n < std::ssize(task.truth); ++n) {
      predicted.push_back(learn::Tensor::build<double>({m, d}, [&](std::span<double> out) {
        for (std::int64_t i = 0; i < m; ++i) {
          const auto from = all.begin() + (i * times + n) * d;
          std::copy_n(from, d, out.begin() + i * d);
          const bool counts =
              has_truth(task, static_cast<std::size_t>(n), static_cast<std::size_t>(i));
          if (!counts || std::all_of(from, from + d, [](double v) { return std::isfinite(v); }))
            continue;
          throw base::DataError(
              fmt::format("'{}' holds a number that is not finite in test trajectory {} at time "
                          "index {}",
                          array, i, n));
        }
      }));
    }
    check_starts(predicted.front(), task);
    return predicted;
  });
}

}  // namespace noether::bench
