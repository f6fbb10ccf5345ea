#include "dataset/exchange/export_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/text.h"

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

Json to_json(const AttributeValue& value) {
  return std::visit(
      [](const auto& typed) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(typed)>, std::monostate>) {
          return nullptr;
        } else {
          return typed;
        }
      },
      value);
}

Column column_of(const H5File& file, const std::string& name, const std::string& array,
                 std::size_t k = 0) {
  return {name, column_unit(file, array, k), file.text_attribute(array, "description")};
}

// what there is once a file, or once a trajectory or episode
Json metadata_of(const DatasetFile& file, const std::vector<Column>& columns) {
  const H5File& h5 = file.h5();
  Json metadata;
  for (const auto& name : h5.attribute_names(""))
    metadata["attributes"][name] = to_json(h5.attribute("", name).value_or(AttributeValue{}));
  for (const auto& column : columns) {
    metadata["columns"].push_back(
        {{"name", column.name}, {"unit", column.unit}, {"description", column.description}});
  }
  const std::string axis = h5.text_attribute("splits/train", "axis");
  metadata["splits"]["axis"] = !axis.empty()         ? axis
                               : file.has_episodes() ? "episode"
                                                     : "trajectory";
  for (const char* name : {"train", "valid", "test"})
    metadata["splits"][name] = file.read<std::int64_t>(std::string("splits/") + name);
  if (file.has_episodes()) {
    metadata["length"] = file.read<std::int64_t>("episodes/length");
    metadata["seed"] = file.read<std::uint64_t>("episodes/seed");
    metadata["policy"] = h5.read_text("episodes/policy");
  } else {
    metadata["seed"] = file.read<std::uint64_t>("trajectories/seed");
    for (const auto& path : h5.array_paths()) {
      if (path.starts_with("parameters/"))
        metadata["parameters"][path.substr(path.find('/') + 1)] = file.read<double>(path);
    }
  }
  metadata["provenance"]["config"] = h5.read_text("provenance/config");
  metadata["provenance"]["build"] = h5.read_text("provenance/build");
  return metadata;
}

void write_metadata(const DatasetFile& file, const std::vector<Column>& columns,
                    const fs::path& path) {
  const std::string text =
      metadata_of(file, columns).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  base::write_bytes(std::as_bytes(std::span(text)), path);
}

std::vector<Column> trajectory_columns(const DatasetFile& file) {
  const H5File& h5 = file.h5();
  const auto names = file.names("coordinate_names");
  const Shape shape = h5.describe("trajectories/state").shape;
  if (static_cast<std::int64_t>(names.size()) != shape.at(2)) {
    throw base::DataError(fmt::format("'{}' names {} coordinates where the state has {}",
                                      h5.path().string(), names.size(), shape[2]));
  }
  std::vector<Column> columns{{"trajectory", "1", "index of the trajectory"},
                              column_of(h5, "t", "dimensions/time")};
  for (std::size_t d = 0; d < names.size(); ++d)
    columns.push_back(column_of(h5, names[d], "trajectories/state", d));
  for (std::size_t d = 0; d < names.size(); ++d)
    columns.push_back(column_of(h5, names[d] + "_obs", "trajectories/observation", d));
  for (std::size_t d = 0; d < names.size(); ++d)
    columns.push_back(column_of(h5, "d" + names[d] + "_dt", "trajectories/dstate_dt", d));
  for (const auto& name : file.invariant_names())
    columns.push_back(column_of(h5, name, "trajectories/invariants/" + name));
  return columns;
}

void write_trajectories(const DatasetFile& file, CsvFile& csv, const ExportOptions& options) {
  const Shape shape = file.h5().describe("trajectories/state").shape;
  const auto times = file.read<double>("dimensions/time");
  const auto dimension = static_cast<std::size_t>(shape[2]);
  const std::int64_t rows =
      std::max<std::int64_t>(block_numbers / std::max<std::int64_t>(shape[1] * shape[2], 1), 1);
  for (std::int64_t first = 0; first < shape[0]; first += rows) {
    base::check_interrupt();
    const std::int64_t count = std::min(rows, shape[0] - first);
    std::vector<std::vector<double>> vectors;
    for (const char* name : {"state", "observation", "dstate_dt"})
      vectors.push_back(file.rows<double>(std::string("trajectories/") + name, first, count));
    std::vector<std::vector<double>> scalars;
    for (const auto& name : file.invariant_names())
      scalars.push_back(file.rows<double>("trajectories/invariants/" + name, first, count));
    std::size_t n = 0;  // of the points of this block
    for (std::int64_t i = first; i < first + count; ++i) {
      for (std::size_t t = 0; t < times.size(); ++t, ++n) {
        csv.integer(i).number(times[t]);
        for (const auto& values : vectors) {
          for (std::size_t d = 0; d < dimension; ++d) csv.number(values[n * dimension + d]);
        }
        for (const auto& values : scalars) csv.number(values[n]);
        csv.end_row();
      }
    }
    csv.check();
    if (options.on_progress) options.on_progress(first + count, shape[0]);
  }
}

std::vector<Column> episode_columns(const DatasetFile& file) {
  const H5File& h5 = file.h5();
  return {{"episode", "1", "index of the episode"},
          column_of(h5, "t", "dimensions/time"),
          column_of(h5, "theta", "episodes/state", 0),
          column_of(h5, "theta_dot", "episodes/state", 1),
          column_of(h5, "obs_cos_theta", "episodes/observations/state", 0),
          column_of(h5, "obs_sin_theta", "episodes/observations/state", 1),
          column_of(h5, "obs_theta_dot", "episodes/observations/state", 2),
          column_of(h5, "action", "episodes/actions"),
          column_of(h5, "reward", "episodes/rewards"),
          column_of(h5, "terminated", "episodes/terminations"),
          column_of(h5, "truncated", "episodes/truncations")};
}

void write_episode(const DatasetFile& file, std::int64_t episode, std::size_t length,
                   const std::vector<double>& times, CsvFile& csv) {
  const auto state = file.rows<double>("episodes/state", episode, 1);
  const auto observation = file.rows<float>("episodes/observations/state", episode, 1);
  const auto action = file.rows<float>("episodes/actions", episode, 1);
  const auto reward = file.rows<double>("episodes/rewards", episode, 1);
  const Bytes terminated = file.h5().read_rows("episodes/terminations", episode, 1);
  const Bytes truncated = file.h5().read_rows("episodes/truncations", episode, 1);
  for (std::size_t t = 0; t <= std::min(length, reward.size()); ++t) {
    csv.integer(episode).number(times[t]).number(state[2 * t]).number(state[2 * t + 1]);
    for (std::size_t k = 0; k < 3; ++k) csv.number(observation[3 * t + k]);
    if (t < std::min(length, reward.size())) {
      csv.number(action[t]).number(reward[t]);
      csv.integer(std::to_integer<int>(terminated[t]));
      csv.integer(std::to_integer<int>(truncated[t]));
    } else {
      csv.text("").text("").text("").text("");
    }
    csv.end_row();
  }
}

void write_episodes(const DatasetFile& file, CsvFile& csv, const ExportOptions& options) {
  const auto times = file.read<double>("dimensions/time");
  const auto lengths = file.read<std::int64_t>("episodes/length");
  for (std::int64_t i = 0; i < file.samples(); ++i) {
    base::check_interrupt();
    const auto length = std::max<std::int64_t>(lengths[static_cast<std::size_t>(i)], 0);
    write_episode(file, i, static_cast<std::size_t>(length), times, csv);
    csv.check();
    if (options.on_progress) options.on_progress(i + 1, file.samples());
  }
}

}  // namespace

void export_csv(const DatasetFile& file, const fs::path& folder, const ExportOptions& options) {
  const std::string name = file.has_episodes() ? "episodes.csv" : "trajectories.csv";
  write_folder(folder, options.overwrite, {name, "metadata.json"}, [&](const fs::path& temporary) {
    const auto columns = file.has_episodes() ? episode_columns(file) : trajectory_columns(file);
    CsvFile csv(temporary / name, columns);
    if (file.has_episodes()) {
      write_episodes(file, csv, options);
    } else {
      write_trajectories(file, csv, options);
    }
    csv.close();
    write_metadata(file, columns, temporary / "metadata.json");
  });
}

}  // namespace noether::dataset
