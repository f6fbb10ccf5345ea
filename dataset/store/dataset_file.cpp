#include "dataset/store/dataset_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "dataset/store/examine.h"
#include "dataset/store/schema.h"

namespace noether::dataset {
namespace {

AttributeValue root_attribute(const H5File& file, const std::string& name) {
  const auto value = file.attribute("", name);
  if (!value)
    throw base::DataError(fmt::format("'{}' has no attribute '{}'", file.path().string(), name));
  return *value;
}

template <class T>
T expect(const H5File& file, const std::string& name) {
  const AttributeValue value = root_attribute(file, name);
  if (const T* typed = std::get_if<T>(&value)) return *typed;
  throw base::DataError(
      fmt::format("'{}': the attribute '{}' has another type", file.path().string(), name));
}

}  // namespace

H5File open_h5(const std::filesystem::path& path) {
  const FileReport report = examine(path);
  if (report.state != FileState::intact && report.state != FileState::foreign)
    throw base::DataError(fmt::format("'{}' {}", path.string(), report.reason));
  return H5File::open(path);
}

void require_type(const H5File& file, const std::string& array, ElementType expected) {
  const H5Array info = file.describe(array);
  if (info.type == expected) return;
  throw base::DataError(fmt::format("'{}': '{}' holds {} where {} was expected",
                                    file.path().string(), array, info.type_name,
                                    element_name(expected)));
}

std::string column_unit(const H5File& file, const std::string& array, std::size_t k) {
  const auto value = file.attribute(array, "units");
  if (value && std::holds_alternative<std::vector<std::string>>(*value)) {
    const auto& units = std::get<std::vector<std::string>>(*value);
    return k < units.size() ? units[k] : "";
  }
  return file.text_attribute(array, "units");
}

DatasetFile::DatasetFile(const std::filesystem::path& path) : DatasetFile(open_h5(path)) {}

DatasetFile::DatasetFile(H5File file) : file_(std::move(file)) {
  const auto violations = form_violations(file_);
  if (!violations.empty()) {
    const std::string more =
        violations.size() == 1
            ? ""
            : fmt::format(" (and {} more; `validate` lists all)", violations.size() - 1);
    throw base::DataError(
        fmt::format("'{}': {}{}", file_.path().string(), violations.front(), more));
  }
  schema_ = &schema_of(file_);
  samples_ = file_.describe(schema_->samples).shape.at(0);
}

std::string_view DatasetFile::schema() const { return schema_->name; }

std::string DatasetFile::group() const {
  return schema_->samples.substr(0, schema_->samples.find('/'));
}

std::vector<std::string> DatasetFile::invariant_names() const {
  const std::string prefix = group() + "/invariants/";
  std::vector<std::string> names;
  for (const auto& path : file_.array_paths()) {
    if (path.starts_with(prefix)) names.push_back(path.substr(prefix.size()));
  }
  return names;
}

std::vector<std::int64_t> DatasetFile::lengths() const {
  const std::int64_t most = file_.describe("dimensions/time").shape.at(0);
  if (!file_.contains(lengths_array))
    return std::vector<std::int64_t>(static_cast<std::size_t>(samples_), most);
  auto lengths = read<std::int64_t>(lengths_array);
  for (const std::int64_t length : lengths) {
    if (length >= 1 && length <= most) continue;
    throw base::DataError(fmt::format("'{}': '{}' holds {}, not 1 to {}", file_.path().string(),
                                      lengths_array, length, most));
  }
  return lengths;
}

std::vector<double> DatasetFile::times_of(std::int64_t trajectory) const {
  auto times = file_.contains(own_times_array) ? rows<double>(own_times_array, trajectory, 1)
                                               : read<double>("dimensions/time");
  if (file_.contains(lengths_array))
    times.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(
        rows<std::int64_t>(lengths_array, trajectory, 1).at(0), 1, std::ssize(times))));
  return times;
}

bool DatasetFile::has_own_times() const {
  return file_.contains(lengths_array) || file_.contains(own_times_array);
}

bool DatasetFile::has_actions() const { return file_.contains("episodes/actions"); }

std::string DatasetFile::text(const std::string& attribute) const {
  return expect<std::string>(file_, attribute);
}

std::vector<std::string> DatasetFile::names(const std::string& attribute) const {
  return expect<std::vector<std::string>>(file_, attribute);
}

double DatasetFile::number(const std::string& attribute) const {
  const AttributeValue value = root_attribute(file_, attribute);
  const auto convert = [&](const auto& typed) -> double {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(typed)>>) {
      return static_cast<double>(typed);
    } else {
      throw base::DataError(
          fmt::format("'{}': the attribute '{}' is no number", file_.path().string(), attribute));
    }
  };
  return std::visit(convert, value);
}

}  // namespace noether::dataset
