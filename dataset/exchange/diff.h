#pragma once

// Numeric comparison of two HDF5 files.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "dataset/store/layout.h"

namespace noether::dataset {

enum class ArrayStatus {
  equal,
  differs,  // in its elements
  only_in_first,
  only_in_second,
  other_type,
  other_shape,
  not_comparable  // of a type this program does not know, the same in both
};

// What became of one array. `differing` counts the elements that are not equal; `largest` is the
// largest difference of any two, within the tolerance too, and `at` its place (of texts: the
// first); `first` and `second` are what stands there, or the types or shapes that disagree.
struct ArrayDifference {
  std::string path;
  ArrayStatus status = ArrayStatus::equal;
  std::string type = {};
  Shape shape = {};
  std::int64_t differing = 0;
  double largest = 0;  // |first - second|; infinite where one of them is NaN; 0 for texts
  Shape at = {};
  std::string first = {};
  std::string second = {};
  bool counts = true;  // towards the verdict; not so what tells how a file was made
};

struct AttributeDifference {
  std::string object;  // path of the array, "" for the root
  std::string name;
  std::string first;  // its value, "(missing)"
  std::string second;
  bool counts = true;
};

struct Diff {
  std::vector<ArrayDifference> arrays;          // of both files, sorted, the equal ones too
  std::vector<AttributeDifference> attributes;  // only those that differ
  bool equal() const;                           // nothing that counts differs
  std::int64_t array_differences() const;       // that count
  std::int64_t attribute_differences() const;   // that count
};

struct DiffOptions {
  // Numbers are equal where |a - b| <= tolerance, and where they have the same bits. 0 asks for the
  // same bits. NaN equals NaN, of any bits, and nothing else.
  double tolerance = 0;
  std::function<void(std::int64_t done, std::int64_t total)> on_progress = {};  // in bytes
};

// Compares all arrays, in bounded memory but for texts, and all attributes but those that follow
// from the elements. What tells how a file was made is compared but does not count: the arrays
// under provenance/, and of the root attributes command_line, content_sha256, dataset_name,
// generator, generator_version, git_describe, license, rng, seed and source_sha256. Throws
// UsageError for a tolerance that is negative, infinite or NaN, DataError where a file cannot be
// read.
Diff diff(const std::filesystem::path& first, const std::filesystem::path& second,
          const DiffOptions& options = {});

// "only in the first file"
const char* status_text(ArrayStatus status);

}  // namespace noether::dataset
