#include "bench/table/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "base/text_file.h"

namespace noether::bench {
namespace {

constexpr std::size_t column_count = 7;

const std::string& checked_name(const std::string& name) {
  if (name.find_first_of(",\"\r\n") != std::string::npos) {
    throw base::UsageError(
        fmt::format("records: the name '{}' holds a comma, a quote or a line break", name));
  }
  return name;
}

std::array<std::string_view, column_count> fields_of(std::string_view line) {
  std::array<std::string_view, column_count> fields;
  std::size_t count = 0;
  for (std::size_t start = 0; start <= line.size(); ++count) {
    const std::size_t end = std::min(line.find(',', start), line.size());
    if (count < column_count) fields[count] = line.substr(start, end - start);
    start = end + 1;
  }
  if (count != column_count)
    throw base::DataError(fmt::format("{} fields, expected {}", count, column_count));
  return fields;
}

Record record_of(std::string_view line) {
  const auto fields = fields_of(line);
  return {.table = std::string(fields[0]),
          .row = std::string(fields[1]),
          .noise = base::parse_double(fields[2], "noise"),
          .horizon = base::parse_double(fields[3], "horizon"),
          .seed = base::parse_unsigned(fields[4], "seed"),
          .metric = std::string(fields[5]),
          .value = base::parse_double(fields[6], "value")};
}

}  // namespace

std::string to_csv(std::span<const Record> records) {
  std::string text = std::string(record_header) + "\n";
  for (const Record& r : records) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{},{}\n", checked_name(r.table),
                   checked_name(r.row), base::format_double(r.noise),
                   base::format_double(r.horizon), r.seed, checked_name(r.metric),
                   base::format_double(r.value));
  }
  return text;
}

std::vector<Record> parse_csv(std::string_view text) {
  std::vector<Record> records;
  for (std::size_t number = 1; !text.empty() || number == 1; ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (number == 1) {
      if (line != record_header)
        throw base::DataError(fmt::format("line 1: expected the header '{}'", record_header));
      continue;
    }
    try {
      records.push_back(record_of(line));
    } catch (const base::Error& error) {
      throw base::DataError(fmt::format("line {}: {}", number, error.what()));
    }
  }
  return records;
}

std::vector<Record> read_csv(const std::filesystem::path& path) {
  const std::string text = base::read_text(path);
  return base::with_context(fmt::format("'{}'", path.string()), [&] { return parse_csv(text); });
}

std::vector<Record> select(std::span<const Record> records, const RecordFilter& filter) {
  const auto agrees = [](const auto& wanted, const auto& value) {
    return !wanted || *wanted == value;
  };
  std::vector<Record> chosen;
  std::ranges::copy_if(records, std::back_inserter(chosen), [&](const Record& r) {
    return agrees(filter.table, r.table) && agrees(filter.row, r.row) &&
           agrees(filter.noise, r.noise) && agrees(filter.horizon, r.horizon) &&
           agrees(filter.seed, r.seed) && agrees(filter.metric, r.metric);
  });
  return chosen;
}

}  // namespace noether::bench
