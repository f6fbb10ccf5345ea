#pragma once

// What a table is made of: one measurement a record, in tidy form, from which every mean, ratio and
// interval can be computed again.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace noether::bench {

struct Record {
  std::string table = {};
  std::string row = {};  // "vanilla"
  double noise = 0;      // standard deviation of the noise on the observed states
  double horizon = 0;    // s, or frames; 0 where the metric knows no horizon
  std::uint64_t seed = 0;
  std::string metric = {};  // "rmse"
  double value = 0;
};

inline constexpr std::string_view record_header = "table,row,noise,horizon,seed,metric,value";

// The records as CSV with that header; numbers read back as the same bits. Throws UsageError where
// a name holds a comma, a quote or a line break.
std::string to_csv(std::span<const Record> records);

// What to_csv wrote; throws DataError "line N: ..." for anything else.
std::vector<Record> parse_csv(std::string_view text);

// parse_csv of a file; throws DataError with the path.
std::vector<Record> read_csv(const std::filesystem::path& path);

// The records as a JSON array of objects; numbers that are not finite are the strings "nan", "inf"
// and "-inf".
std::string to_json(std::span<const Record> records);

// What to_json wrote; throws DataError for anything else.
std::vector<Record> parse_json(std::string_view text);

// The records that agree with every field given, in their order.
struct RecordFilter {
  std::optional<std::string> table = {};
  std::optional<std::string> row = {};
  std::optional<double> noise = {};
  std::optional<double> horizon = {};
  std::optional<std::uint64_t> seed = {};
  std::optional<std::string> metric = {};
};
std::vector<Record> select(std::span<const Record> records, const RecordFilter& filter);

}  // namespace noether::bench
