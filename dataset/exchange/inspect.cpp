#include "dataset/exchange/inspect.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/seal.h"

namespace noether::dataset {
namespace {

constexpr std::size_t most_text = 4;

std::vector<Attribute> attributes_of(const H5File& file, const std::string& object) {
  std::vector<Attribute> attributes;
  for (const auto& name : file.attribute_names(object)) {
    attributes.push_back({name, file.attribute(object, name).value_or(AttributeValue{})});
  }
  return attributes;
}

// mean and variance as they come, by Welford's recurrence: no cancellation at any length
struct Accumulator {
  Statistics statistics{.min = std::numeric_limits<double>::infinity(),
                        .max = -std::numeric_limits<double>::infinity()};
  double squares = 0;
  std::int64_t count = 0;

  void add(double value) {
    if (!std::isfinite(value)) {
      ++statistics.non_finite;
      return;
    }
    ++count;
    statistics.min = std::min(statistics.min, value);
    statistics.max = std::max(statistics.max, value);
    const double step = value - statistics.mean;
    statistics.mean += step / static_cast<double>(count);
    squares += step * (value - statistics.mean);
  }
  std::optional<Statistics> result() {
    if (count == 0) return std::nullopt;
    statistics.standard_deviation = std::sqrt(squares / static_cast<double>(count));
    return statistics;
  }
};

template <class T>
void add_all(Accumulator& accumulator, const Bytes& bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    accumulator.add(static_cast<double>(value));
  }
}

void add_bytes(Accumulator& accumulator, ElementType type, const Bytes& bytes) {
  switch (type) {
    case ElementType::u1:
      return add_all<std::uint8_t>(accumulator, bytes);
    case ElementType::i1:
    case ElementType::boolean:
      return add_all<std::int8_t>(accumulator, bytes);
    case ElementType::i8:
      return add_all<std::int64_t>(accumulator, bytes);
    case ElementType::u8:
      return add_all<std::uint64_t>(accumulator, bytes);
    case ElementType::f4:
      return add_all<float>(accumulator, bytes);
    case ElementType::f8:
      return add_all<double>(accumulator, bytes);
    case ElementType::text:
      return;
  }
}

std::optional<Statistics> statistics_of(const H5File& file, const std::string& path,
                                        const H5Array& form) {
  if (!form.type || *form.type == ElementType::text || element_count(form.shape) == 0)
    return std::nullopt;
  Accumulator accumulator;
  file.for_each_piece(
      path, [&](std::int64_t, const Bytes& bytes) { add_bytes(accumulator, *form.type, bytes); });
  return accumulator.result();
}

}  // namespace

FileSummary inspect(const std::filesystem::path& path, bool with_statistics) {
  const H5File file = open_h5(path);
  FileSummary summary{.path = path.string(),
                      .bytes = static_cast<std::int64_t>(std::filesystem::file_size(path)),
                      .sealed = has_seal(path),
                      .attributes = attributes_of(file, ""),
                      .arrays = {}};
  for (const auto& array : file.array_paths()) {
    ArraySummary entry{.path = array,
                       .form = file.describe(array),
                       .attributes = attributes_of(file, array),
                       .statistics = {},
                       .text = {}};
    if (with_statistics) entry.statistics = statistics_of(file, array, entry.form);
    if (entry.form.type == ElementType::text) {
      entry.text = file.read_text(array);
      entry.text.resize(std::min(entry.text.size(), most_text));
    }
    summary.arrays.push_back(std::move(entry));
  }
  return summary;
}

}  // namespace noether::dataset
