#include "bench/data/part.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "base/error.h"
#include "bench/data/split.h"
#include "dataset/store/schema.h"

namespace noether::bench {
namespace {

using dataset::DatasetFile;

std::vector<std::int64_t> upto(std::int64_t n) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return all;
}

// Rows of an array, of which a block is read at a time: a chunk of the file holds many rows, and is
// decoded whole for each that is read alone.
class Rows {
 public:
  Rows(const DatasetFile& file, std::string array) : file_(file), array_(std::move(array)) {
    const auto shape = file.h5().describe(array_).shape;
    rows_ = shape.at(0);
    std::int64_t numbers = 1;
    for (std::size_t axis = 1; axis < shape.size(); ++axis) numbers *= shape[axis];
    constexpr std::int64_t block = 1 << 20;  // numbers
    per_block_ = std::max<std::int64_t>(1, block / std::max<std::int64_t>(1, numbers));
    size_ = static_cast<std::size_t>(numbers);
  }

  // Valid until the next call.
  std::span<const double> row(std::int64_t i) {
    const std::int64_t wanted = i / per_block_ * per_block_;
    if (first_ != wanted) {
      block_ = file_.rows<double>(array_, wanted, std::min(per_block_, rows_ - wanted));
      first_ = wanted;
    }
    return std::span(block_).subspan(static_cast<std::size_t>(i - wanted) * size_, size_);
  }

 private:
  const DatasetFile& file_;
  std::string array_;
  std::int64_t rows_ = 0, per_block_ = 0, first_ = -1;
  std::size_t size_ = 0;
  std::vector<double> block_;
};

// The points of each trajectory, appended; then `after` of how many trajectories there are.
template <class After>
std::vector<double> points_of(const DatasetFile& file, const std::string& array, const Part& part,
                              std::int64_t dimension, const After& after) {
  std::vector<double> values;
  Rows rows(file, array);
  for (std::size_t k = 0; k < part.trajectories.size(); ++k) {
    const std::int64_t i = part.trajectories[k];
    const auto row = rows.row(i);
    for (std::int64_t n = 0; n < part.lengths[k]; ++n) {
      const std::int64_t t = part.times[static_cast<std::size_t>(n)];
      const auto point = row.begin() + t * dimension;
      values.insert(values.end(), point, point + dimension);
      if (std::all_of(point, point + dimension, [](double v) { return std::isfinite(v); }))
        continue;
      throw base::DataError(fmt::format(
          "'{}': '{}' holds a number that is not finite in trajectory {} at time index {}",
          file.h5().path().string(), array, i, t));
    }
    after(k + 1, values);
  }
  return values;
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
  return points_of(file, array, part, dimension, [](std::size_t, std::vector<double>&) {});
}

std::vector<double> read_filled(const DatasetFile& file, const std::string& array, const Part& part,
                                std::int64_t dimension) {
  const std::size_t row = part.times.size() * static_cast<std::size_t>(dimension);
  return points_of(file, array, part, dimension, [row](std::size_t n, std::vector<double>& values) {
    values.resize(n * row, std::numeric_limits<double>::quiet_NaN());
  });
}

std::vector<std::vector<double>> times_of(const DatasetFile& file, const Part& part) {
  const bool own = file.h5().contains(dataset::own_times_array);
  const auto common = own ? std::vector<double>{} : file.read<double>("dimensions/time");
  Rows rows(file, own ? std::string(dataset::own_times_array) : "dimensions/time");
  std::vector<std::vector<double>> all;
  for (std::size_t k = 0; k < part.trajectories.size(); ++k) {
    const auto times = own ? rows.row(part.trajectories[k]) : std::span<const double>(common);
    all.emplace_back();
    for (std::int64_t n = 0; n < part.lengths[k]; ++n)
      all.back().push_back(
          times[static_cast<std::size_t>(part.times[static_cast<std::size_t>(n)])]);
  }
  return all;
}

}  // namespace noether::bench
