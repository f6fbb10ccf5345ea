#include "bench/table/record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "base/text_file.h"

namespace noether::bench {
namespace {

const std::string& checked_name(const std::string& name) {
  if (name.find_first_of(",\"\r\n") != std::string::npos) {
    throw base::UsageError(
        fmt::format("records: the name '{}' holds a comma, a quote or a line break", name));
  }
  return name;
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t start = 0; start <= line.size();) {
    const std::size_t end = std::min(line.find(',', start), line.size());
    fields.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  return fields;
}

// What the columns of a file are.
struct Header {
  std::vector<std::string> axes;
  bool has_sample = false;

  std::size_t count() const { return axes.size() + (has_sample ? 6 : 5); }
  std::string text() const {
    return fmt::format("table,row,{}{}seed,{}metric,value", fmt::join(axes, ","),
                       axes.empty() ? "" : ",", has_sample ? "sample," : "");
  }
};

Header header_of(std::string_view line) {
  Header header;
  const auto fields = split(line);
  header.has_sample = std::ranges::find(fields, "sample") != fields.end();
  for (std::size_t i = 2; i < fields.size() && fields[i] != "seed"; ++i)
    header.axes.emplace_back(fields[i]);
  if (header.text() != line) {
    throw base::DataError(fmt::format(
        "expected the header 'table,row,AXES,seed,metric,value' of a table's records, found '{}'",
        line));
  }
  return header;
}

Record record_of(std::string_view line, const Header& header) {
  const auto fields = split(line);
  if (fields.size() != header.count())
    throw base::DataError(fmt::format("{} fields, expected {}", fields.size(), header.count()));
  auto field = fields.begin();
  Record record{.table = std::string(*field++), .row = std::string(*field++)};
  for (const std::string& axis : header.axes) {
    if (!field->empty()) record.at[axis] = base::parse_double(*field, axis);
    ++field;
  }
  record.seed = base::parse_unsigned(*field++, "seed");
  if (header.has_sample) {
    if (!field->empty()) record.sample = base::parse_integer(*field, "sample");
    ++field;
  }
  record.metric = std::string(*field++);
  record.value = base::parse_double(*field, "value");
  return record;
}

}  // namespace

std::string to_csv(std::span<const Record> records, std::span<const std::string> axes) {
  const Header header{.axes = {axes.begin(), axes.end()},
                      .has_sample = std::ranges::any_of(
                          records, [](const Record& r) { return r.sample.has_value(); })};
  for (const std::string& axis : axes) checked_name(axis);
  std::string text = header.text() + "\n";
  const auto out = std::back_inserter(text);
  for (const Record& r : records) {
    fmt::format_to(out, "{},{},", checked_name(r.table), checked_name(r.row));
    std::size_t written = 0;
    for (const std::string& axis : axes) {
      const auto coordinate = r.at.find(axis);
      if (coordinate != r.at.end()) {
        text += base::format_double(coordinate->second);
        ++written;
      }
      text += ',';
    }
    if (written != r.at.size()) {
      throw base::UsageError(fmt::format("records: one has the coordinates {}, the axes are {}",
                                         fmt::join(r.at, ", "), fmt::join(axes, ", ")));
    }
    fmt::format_to(out, "{},", r.seed);
    if (header.has_sample) text += (r.sample ? std::to_string(*r.sample) : "") + ",";
    fmt::format_to(out, "{},{}\n", checked_name(r.metric), base::format_double(r.value));
  }
  return text;
}

std::vector<Record> parse_csv(std::string_view text) {
  std::vector<Record> records;
  Header header;
  for (std::size_t number = 1; !text.empty() || number == 1; ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    try {
      if (number == 1) {
        header = header_of(line);
      } else {
        records.push_back(record_of(line, header));
      }
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

bool contains(const Coordinates& whole, const Coordinates& part) {
  return std::ranges::all_of(part, [&](const auto& coordinate) {
    const auto found = whole.find(coordinate.first);
    return found != whole.end() && found->second == coordinate.second;
  });
}

std::vector<Record> select(std::span<const Record> records, const RecordFilter& filter) {
  const auto agrees = [](const auto& wanted, const auto& value) {
    return !wanted || *wanted == value;
  };
  std::vector<Record> chosen;
  std::ranges::copy_if(records, std::back_inserter(chosen), [&](const Record& r) {
    return agrees(filter.row, r.row) && agrees(filter.seed, r.seed) &&
           agrees(filter.metric, r.metric) && contains(r.at, filter.at);
  });
  return chosen;
}

}  // namespace noether::bench
