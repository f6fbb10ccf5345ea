#include "dataset/exchange/export_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/text.h"
#include "dataset/exchange/inspect.h"
#include "dataset/make/kind.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::int64_t block_numbers = 1 << 17;  // that are in memory of one array at a time

struct Column {
  std::string name;
  std::string unit;
  std::string description;
};

// A file of rows; fields are added one by one.
class CsvFile {
 public:
  CsvFile(fs::path path, const std::vector<Column>& columns)
      : path_(std::move(path)), file_(path_, std::ios::binary) {
    for (const auto& column : columns) text(quoted(column.name));
    end_row();
  }

  CsvFile& text(std::string_view value) {
    if (!line_.empty() || !first_) line_ += ',';
    first_ = false;
    line_ += value;
    return *this;
  }
  CsvFile& integer(std::int64_t value) { return text(std::to_string(value)); }
  CsvFile& number(double value) { return text(base::format_double(value)); }
  void end_row() {
    line_ += '\n';
    file_ << line_;
    line_.clear();
    first_ = true;
  }
  void close() {
    file_.close();
    check();
  }
  // throws where the disk is full
  void check() const {
    if (!file_) throw base::DataError(fmt::format("cannot write '{}'", path_.string()));
  }

 private:
  static std::string quoted(const std::string& name) {
    if (name.find_first_of(",\"\r\n") == std::string::npos) return name;
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
  }

  fs::path path_;
  std::ofstream file_;
  std::string line_;
  bool first_ = true;
};

Column column_of(const H5File& file, const std::string& name, const std::string& array,
                 std::size_t k = 0) {
  return {name, column_unit(file, array, k), file.text_attribute(array, "description")};
}

// the numbers of an array as they are, of whatever type
Json values_of(const H5File& file, const std::string& array) {
  switch (file.describe(array).type.value_or(ElementType::text)) {
    case ElementType::i8:
      return read_array<std::int64_t>(file, array);
    case ElementType::u8:
      return read_array<std::uint64_t>(file, array);
    case ElementType::f8:
      return read_array<double>(file, array);
    default:
      return file.read_text(array);
  }
}

std::vector<Column> columns_of(const DatasetFile& file, const CsvTable& table) {
  const H5File& h5 = file.h5();
  const std::string sample(kind_of(file).sample);
  std::vector<Column> columns{{sample, "1", "index of the " + sample},
                              column_of(h5, "t", "dimensions/time")};
  for (const auto& [array, names] : table.columns) {
    for (std::size_t k = 0; k < names.size(); ++k)
      columns.push_back(column_of(h5, names[k], array, k));
  }
  columns.push_back({"split", "", "train, valid or test"});
  return columns;
}

// The split of each sample or, where one trajectory is split along time, of each time; "" for none.
struct SplitNames {
  bool along_time = false;
  std::vector<std::string_view> names = {};

  std::string_view at(std::int64_t sample, std::int64_t time) const {
    return names.at(static_cast<std::size_t>(along_time ? time : sample));
  }
};

SplitNames split_names(const DatasetFile& file, std::int64_t times) {
  SplitNames split{.along_time = file.h5().text_attribute("splits/train", "axis") == "time"};
  split.names.resize(static_cast<std::size_t>(split.along_time ? times : file.samples()));
  for (const char* name : {"train", "valid", "test"}) {
    for (const std::int64_t index : file.read<std::int64_t>(std::string("splits/") + name)) {
      if (index >= 0 && index < std::ssize(split.names))
        split.names[static_cast<std::size_t>(index)] = name;
    }
  }
  return split;
}

// what there is once a file, or once a sample
Json metadata_of(const DatasetFile& file, const CsvTable& table) {
  const H5File& h5 = file.h5();
  Json metadata;
  for (const auto& name : h5.attribute_names(""))
    metadata["attributes"][name] =
        Json::parse(attribute_json(h5.attribute("", name).value_or(AttributeValue{})));
  for (const auto& column : columns_of(file, table)) {
    metadata["columns"].push_back(
        {{"name", column.name}, {"unit", column.unit}, {"description", column.description}});
  }
  const std::string axis = h5.text_attribute("splits/train", "axis");
  metadata["splits"]["axis"] = axis.empty() ? std::string(kind_of(file).sample) : axis;
  for (const char* name : {"train", "valid", "test"})
    metadata["splits"][name] = file.read<std::int64_t>(std::string("splits/") + name);
  for (const auto& [array, group, key] : table.once)
    (group.empty() ? metadata : metadata[group])[key] = values_of(h5, array);
  metadata["provenance"]["config"] = h5.read_text("provenance/config");
  metadata["provenance"]["build"] = h5.read_text("provenance/build");
  return metadata;
}

// Some samples of one array, [count, points, width].
class Block {
 public:
  Block(const H5File& file, const std::string& array, std::int64_t first, std::int64_t count)
      : type_(file.describe(array).type.value_or(ElementType::text)),
        bytes_(file.read_rows(array, first, count)) {
    const Shape shape = file.describe(array).shape;
    points_ = shape.at(1);
    width_ = element_count(std::span(shape).subspan(2));
  }

  std::int64_t points() const { return points_; }

  // the numbers of point t of sample i, or as many empty fields
  void write(std::int64_t i, std::int64_t t, bool exists, CsvFile& csv) const {
    for (std::int64_t k = 0; k < width_; ++k) {
      if (exists) {
        write_number(static_cast<std::size_t>((i * points_ + t) * width_ + k), csv);
      } else {
        csv.text("");
      }
    }
  }

 private:
  template <class T>
  T element(std::size_t n) const {
    T value{};
    std::memcpy(&value, bytes_.data() + n * sizeof value, sizeof value);
    return value;
  }
  void write_number(std::size_t n, CsvFile& csv) const {
    if (type_ == ElementType::f8) {
      csv.number(element<double>(n));
    } else if (type_ == ElementType::f4) {
      csv.number(element<float>(n));
    } else {
      csv.integer(element<std::int8_t>(n));
    }
  }

  ElementType type_;
  Bytes bytes_;
  std::int64_t points_ = 0;
  std::int64_t width_ = 0;
};

// The times of each sample that are written.
std::vector<std::int64_t> times_of_samples(const DatasetFile& file, const CsvTable& table,
                                           std::int64_t times) {
  if (table.lengths.empty()) return file.lengths();
  std::vector<std::int64_t> counts;
  // steps, which have one time more
  for (const std::int64_t length : file.read<std::int64_t>(table.lengths))
    counts.push_back(std::clamp<std::int64_t>(length, 0, times - 1) + 1);
  return counts;
}

void write_rows(const DatasetFile& file, const CsvTable& table, CsvFile& csv,
                const ExportOptions& options) {
  auto times = file.read<double>("dimensions/time");
  const bool has_own_times = file.has_own_times();
  const auto points = static_cast<std::int64_t>(times.size());
  const auto counts = times_of_samples(file, table, points);
  const SplitNames split = split_names(file, points);
  std::int64_t widest = 1;
  for (const auto& columns : table.columns)
    widest = std::max(widest, static_cast<std::int64_t>(columns.names.size()));
  const std::int64_t rows =
      std::max<std::int64_t>(block_numbers / std::max<std::int64_t>(points * widest, 1), 1);
  for (std::int64_t first = 0; first < file.samples(); first += rows) {
    base::check_interrupt();
    const std::int64_t count = std::min(rows, file.samples() - first);
    std::vector<Block> blocks;
    for (const auto& columns : table.columns)
      blocks.emplace_back(file.h5(), columns.array, first, count);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t last = counts[static_cast<std::size_t>(first + i)];
      if (has_own_times) times = file.times_of(first + i);
      for (std::int64_t t = 0; t < last; ++t) {
        csv.integer(first + i).number(times[static_cast<std::size_t>(t)]);
        // what happens between times, as an action does, is one less than these
        for (const auto& block : blocks)
          block.write(i, t, t < last - (points - block.points()), csv);
        csv.text(split.at(first + i, t)).end_row();
      }
    }
    csv.check();
    if (options.on_progress) options.on_progress(first + count, file.samples());
  }
}

}  // namespace

std::string export_csv(const DatasetFile& file, const fs::path& folder,
                       const ExportOptions& options) {
  const CsvTable table = kind_of(file).csv(file);
  write_folder(
      folder, options.overwrite, {table.file, "metadata.json"}, [&](const fs::path& temporary) {
        CsvFile csv(temporary / table.file, columns_of(file, table));
        write_rows(file, table, csv, options);
        csv.close();
        const std::string metadata =
            metadata_of(file, table).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
        base::write_bytes(std::as_bytes(std::span(metadata)), temporary / "metadata.json");
      });
  return table.contents;
}

}  // namespace noether::dataset
