#include "bench/data/points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text_file.h"
#include "bench/data/part.h"
#include "dataset/exchange/text_table.h"
#include "dataset/recording/trials.h"
#include "dataset/store/schema.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using learn::Tensor;

Tensor rows(const std::vector<double>& values, std::int64_t d) {
  const std::int64_t n = std::ssize(values) / d;
  return n == 0 ? Tensor{} : Tensor::from<double>(values, {n, d});
}

bool is_text_table(const std::filesystem::path& path) {
  static const std::set<std::string> endings{".csv", ".tsv", ".txt", ".dat"};
  std::string ending = path.extension().string();
  for (char& letter : ending) letter = static_cast<char>(std::tolower(letter));
  return endings.contains(ending);
}

Points points_of_table(const std::filesystem::path& path) {
  constexpr double train_share = 0.8;
  const std::string text = base::read_text(path);
  const dataset::TextTable table = dataset::read_text_table(text, path.string());
  std::vector<double> values;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto value = [&](const std::vector<double>& column) { return column[row]; };
    const auto is_missing = [&](const std::vector<double>& column) {
      return std::isnan(column[row]);
    };
    if (std::ranges::any_of(table.columns, is_missing)) continue;
    std::ranges::transform(table.columns, std::back_inserter(values), value);
  }
  const std::int64_t d = std::ssize(table.names), n = std::ssize(values) / d;
  const auto train = d * static_cast<std::int64_t>(train_share * static_cast<double>(n));
  return {.source = path.string(),
          .sha256 = base::sha256_hex(text),
          .system = std::string(dataset::imported_system),
          .coordinates = table.names,
          .train = rows({values.begin(), values.begin() + train}, d),
          .test = rows({values.begin() + train, values.end()}, d),
          .is_table = true};
}

Points points_of_dataset(const std::filesystem::path& path, bool noise_free) {
  const dataset::DatasetFile file(path);
  if (file.schema() != dataset::trajectories_schema) {
    throw base::DataError(
        fmt::format("'{}' holds episodes: points come from trajectories, or from "
                    "a table of text (.csv)",
                    path.string()));
  }
  const auto coordinates = file.names("coordinate_names");
  const std::int64_t d = std::ssize(coordinates);
  const std::string array = noise_free ? "trajectories/state" : "trajectories/observation";
  const auto of_split = [&](const std::string& split) {
    return rows(read_part(file, array, part_of(file, split), d), d);
  };
  return {.source = path.string(),
          .sha256 = file.text("content_sha256"),
          .system = file.text("system"),
          .coordinates = coordinates,
          .train = of_split("train"),
          .test = of_split("test")};
}

void check_spread(const Points& points) {
  const std::int64_t n = points.train.defined() ? points.train.shape()[0] : 0;
  if (n < 2) {
    throw base::DataError(fmt::format("'{}' has {} train point{}; at least two are needed",
                                      points.source, n, n == 1 ? "" : "s"));
  }
  const auto values = points.train.to_vector();
  const std::size_t d = points.coordinates.size();
  for (std::size_t k = 0; k < d; ++k) {
    std::size_t i = k;
    while (i < values.size() && values[i] == values[k]) i += d;
    if (i < values.size()) continue;
    throw base::DataError(
        fmt::format("'{}': {} is {} at all train points, so there is no density over it",
                    points.source, points.coordinates[k], values[k]));
  }
}

}  // namespace

Points load_points(const std::filesystem::path& path, bool noise_free) {
  Points points = is_text_table(path) ? points_of_table(path) : points_of_dataset(path, noise_free);
  check_spread(points);
  return points;
}

Points with_all_as_test(Points points) {
  points.test = points.test.defined() ? learn::concat(learn::Tensors{points.train, points.test}, 0)
                                      : points.train;
  points.train = points.test;
  return points;
}

void check_coordinates(const Points& points, const std::vector<std::string>& coordinates,
                       const std::string& model) {
  if (points.coordinates == coordinates) return;
  throw base::DataError(fmt::format("'{}' is of the coordinates {}, but '{}' has {}", model,
                                    fmt::join(coordinates, ", "), points.source,
                                    fmt::join(points.coordinates, ", ")));
}

}  // namespace noether::bench
