#include "dataset/exchange/diff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "dataset/exchange/diff_array.h"
#include "dataset/store/dataset_file.h"

namespace noether::dataset {
namespace {

constexpr const char* missing = "(missing)";

std::set<std::string> path_set(const H5File& file) {
  const auto paths = file.array_paths();
  return {paths.begin(), paths.end()};
}

std::int64_t numeric_bytes(const H5File& file, const std::set<std::string>& paths) {
  std::int64_t bytes = 0;
  for (const auto& path : paths) {
    const H5Array form = file.describe(path);
    if (!form.type) continue;
    bytes += element_count(form.shape) * static_cast<std::int64_t>(element_bytes(*form.type));
  }
  return bytes;
}

std::vector<ArrayDifference> compare_arrays(const H5File& first, const H5File& second,
                                            const DiffOptions& options) {
  const auto in_first = path_set(first);
  const auto in_second = path_set(second);
  std::set<std::string> all = in_first;
  all.insert(in_second.begin(), in_second.end());
  const std::int64_t total = numeric_bytes(first, in_first);
  std::int64_t done = 0;
  const auto on_bytes = [&](std::int64_t bytes) {
    done += bytes;
    if (options.on_progress) options.on_progress(done, total);
  };
  std::vector<ArrayDifference> results;
  for (const auto& path : all) {
    if (!in_second.contains(path)) {
      results.push_back({.path = path, .status = ArrayStatus::only_in_first});
    } else if (!in_first.contains(path)) {
      results.push_back({.path = path, .status = ArrayStatus::only_in_second});
    } else {
      results.push_back(compare_array(first, second, path, options.tolerance, on_bytes));
    }
    results.back().counts = !path.starts_with("provenance/");
  }
  return results;
}

// "" for what this program cannot read, which then equals itself
std::string value_text(const std::optional<AttributeValue>& value) {
  if (!value) return missing;
  return std::visit(
      [](const auto& typed) -> std::string {
        using T = std::decay_t<decltype(typed)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return "";
        } else if constexpr (std::is_same_v<T, std::string>) {
          return typed;
        } else if constexpr (std::is_same_v<T, std::vector<std::string>> ||
                             std::is_same_v<T, std::vector<double>>) {
          return fmt::format("[{}]", fmt::join(typed, ", "));
        } else if constexpr (std::is_same_v<T, bool>) {
          return typed ? "true" : "false";
        } else {
          return fmt::format("{}", typed);
        }
      },
      *value);
}

bool same_attribute(const std::optional<AttributeValue>& a, const std::optional<AttributeValue>& b,
                    double tolerance) {
  if (a && b) {
    const auto* x = std::get_if<double>(&*a);
    const auto* y = std::get_if<double>(&*b);
    if (x != nullptr && y != nullptr) return equal_numbers(*x, *y, tolerance);
  }
  return a == b;
}

bool counts(const std::string& object, const std::string& name) {
  static const std::set<std::string> origin{
      "command_line", "content_sha256", "dataset_name", "generator", "generator_version",
      "git_describe", "license",        "rng",          "seed",      "source_sha256"};
  return object.empty() ? !origin.contains(name) : !object.starts_with("provenance/");
}

// what follows from the elements, and what HDF5 keeps for its dimension scales
bool is_derived(const std::string& object, const std::string& name) {
  return name == "DIMENSION_LIST" || name == "REFERENCE_LIST" ||
         (!object.empty() && (name == "sha256" || name == "mean" || name == "std"));
}

void compare_attributes(const H5File& first, const H5File& second, const std::string& object,
                        double tolerance, std::vector<AttributeDifference>& differences) {
  std::set<std::string> names;
  for (const H5File* file : {&first, &second}) {
    for (const auto& name : file->attribute_names(object)) names.insert(name);
  }
  for (const auto& name : names) {
    if (is_derived(object, name)) continue;
    const auto a = first.attribute(object, name);
    const auto b = second.attribute(object, name);
    if (same_attribute(a, b, tolerance)) continue;
    differences.push_back({object, name, value_text(a), value_text(b), counts(object, name)});
  }
}

}  // namespace

std::int64_t Diff::array_differences() const {
  return std::ranges::count_if(
      arrays, [](const auto& a) { return a.counts && a.status != ArrayStatus::equal; });
}

std::int64_t Diff::attribute_differences() const {
  return std::ranges::count_if(attributes, [](const auto& a) { return a.counts; });
}

bool Diff::equal() const { return array_differences() + attribute_differences() == 0; }

Diff diff(const std::filesystem::path& first, const std::filesystem::path& second,
          const DiffOptions& options) {
  if (!(options.tolerance >= 0) || std::isinf(options.tolerance)) {
    throw base::UsageError(fmt::format(
        "the tolerance is {}; it must be a finite number of at least 0", options.tolerance));
  }
  const H5File a = open_h5(first);
  const H5File b = open_h5(second);
  Diff result;
  result.arrays = compare_arrays(a, b, options);
  compare_attributes(a, b, "", options.tolerance, result.attributes);
  for (const auto& array : result.arrays) {
    if (array.status == ArrayStatus::only_in_first || array.status == ArrayStatus::only_in_second)
      continue;
    compare_attributes(a, b, array.path, options.tolerance, result.attributes);
  }
  return result;
}

const char* status_text(ArrayStatus status) {
  switch (status) {
    case ArrayStatus::equal:
      return "equal";
    case ArrayStatus::differs:
      return "differs";
    case ArrayStatus::only_in_first:
      return "only in the first file";
    case ArrayStatus::only_in_second:
      return "only in the second file";
    case ArrayStatus::other_type:
      return "other type";
    case ArrayStatus::other_shape:
      return "other shape";
    case ArrayStatus::not_comparable:
      return "not comparable";
  }
  return "";
}

}  // namespace noether::dataset
