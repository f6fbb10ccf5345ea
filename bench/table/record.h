#pragma once

// What a table is made of: one measurement a record, in tidy form, from which every mean, ratio and
// interval can be computed again.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace noether::bench {

// Where something was measured: its value on each axis of the table. An axis that means nothing to
// the measurement is left out.
using Coordinates = std::map<std::string, double>;

struct Record {
  std::string table = {};
  std::string row = {};
  Coordinates at = {};  // {"train_size", 400}, {"time", 3}
  std::uint64_t seed = 0;
  std::optional<std::int64_t> sample = {};  // where each sample of a seed was measured by itself
  std::string metric = {};                  // "mse"
  double value = 0;
};

// The records as CSV, with the header "table,row,AXES,seed,sample,metric,value": one column for
// each of `axes`, empty where a record has no such coordinate; `sample` only where a record has
// one. Numbers read back as the same bits. Throws UsageError where a name holds a comma, a quote or
// a line break, or a record has a coordinate that is not among the axes.
std::string to_csv(std::span<const Record> records, std::span<const std::string> axes);

// What to_csv wrote: every column between `row` and `seed` is an axis. Throws DataError "line N:
// ..." for anything else.
std::vector<Record> parse_csv(std::string_view text);

// parse_csv of a file; throws DataError with the path.
std::vector<Record> read_csv(const std::filesystem::path& path);

// The records as a JSON array of objects, one a line, coordinates beside the other fields; numbers
// that are not finite are the strings "nan", "inf" and "-inf".
std::string to_json(std::span<const Record> records);

// The records that agree with every field given, in their order.
struct RecordFilter {
  std::optional<std::string> row = {};
  Coordinates at = {};  // some of them
  std::optional<std::uint64_t> seed = {};
  std::optional<std::string> metric = {};
};
std::vector<Record> select(std::span<const Record> records, const RecordFilter& filter);

// Whether `whole` has all coordinates of `part`.
bool contains(const Coordinates& whole, const Coordinates& part);

}  // namespace noether::bench
