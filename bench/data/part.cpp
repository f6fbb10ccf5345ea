#include "bench/data/part.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "bench/data/split.h"

namespace noether::bench {
namespace {

using dataset::DatasetFile;

std::vector<std::int64_t> upto(std::int64_t n) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return all;
}

// the points of its trajectory k, appended
void append(const DatasetFile& file, const std::string& array, const Part& part, std::size_t k,
            std::int64_t dimension, std::vector<double>& values) {
  const std::int64_t i = part.trajectories[k];
  const auto row = file.rows<double>(array, i, 1);
  for (std::int64_t n = 0; n < part.lengths[k]; ++n) {
    const std::int64_t t = part.times[static_cast<std::size_t>(n)];
    const auto point = row.begin() + t * dimension;
    values.insert(values.end(), point, point + dimension);
    if (std::all_of(point, point + dimension, [](double v) { return std::isfinite(v); })) continue;
    throw base::DataError(fmt::format(
        "'{}': '{}' holds a number that is not finite in trajectory {} at time index {}",
        file.h5().path().string(), array, i, t));
  }
}

}  // namespace

bool Part::is_even() const {
  return std::ranges::all_of(lengths, [&](std::int64_t n) { return n == std::ssize(times); });
}

std::int64_t Part::points() const {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

Part part_of(const DatasetFile& file, const std::string& split) {
  const std::int64_t times = file.h5().describe("dimensions/time").shape.at(0);
  const bool along_time = file.h5().text_attribute("splits/" + split, "axis") == "time";
  const auto indices = split_of(file, split, along_time ? times : file.samples());
  Part part = along_time ? Part{upto(file.samples()), indices, {}} : Part{indices, upto(times), {}};
  const auto lengths = file.lengths();
  for (const std::int64_t i : part.trajectories) {
    const std::int64_t length = lengths.at(static_cast<std::size_t>(i));
    part.lengths.push_back(
        std::ranges::count_if(part.times, [length](std::int64_t t) { return t < length; }));
  }
  return part;
}

std::vector<double> read_part(const DatasetFile& file, const std::string& array, const Part& part,
                              std::int64_t dimension) {
  std::vector<double> values;
  for (std::size_t k = 0; k < part.trajectories.size(); ++k)
    append(file, array, part, k, dimension, values);
  return values;
}

std::vector<double> read_filled(const DatasetFile& file, const std::string& array, const Part& part,
                                std::int64_t dimension) {
  std::vector<double> values;
  const std::size_t row = part.times.size() * static_cast<std::size_t>(dimension);
  for (std::size_t k = 0; k < part.trajectories.size(); ++k) {
    append(file, array, part, k, dimension, values);
    values.resize((k + 1) * row, std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

std::vector<std::vector<double>> times_of(const DatasetFile& file, const Part& part) {
  std::vector<std::vector<double>> all;
  for (std::size_t k = 0; k < part.trajectories.size(); ++k) {
    const auto times = file.times_of(part.trajectories[k]);
    all.emplace_back();
    for (std::int64_t n = 0; n < part.lengths[k]; ++n)
      all.back().push_back(
          times.at(static_cast<std::size_t>(part.times[static_cast<std::size_t>(n)])));
  }
  return all;
}

}  // namespace noether::bench
