#pragma once

// What is in a file, for people and programs.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataset/store/h5.h"

namespace noether::dataset {

struct Statistics {
  double min = 0;
  double max = 0;
  double mean = 0;
  double standard_deviation = 0;  // of the population
  std::int64_t non_finite = 0;    // left out of the others
};

struct ArraySummary {
  std::string path;
  H5Array form;
  std::vector<Attribute> attributes;
  std::optional<Statistics> statistics;  // of numbers, where there are any
  std::vector<std::string> text;         // of a text array, the first few
};

struct FileSummary {
  std::string path;
  std::int64_t bytes = 0;
  bool sealed = false;
  std::vector<Attribute> attributes;  // of the root
  std::vector<ArraySummary> arrays;
};

// Reads any HDF5 file, dataset or not, in bounded memory; statistics cost a pass over the numbers
// and may be left out. Throws DataError.
FileSummary inspect(const std::filesystem::path& path, bool with_statistics = true);

// The tree with provenance and statistics, for people.
std::string inspect_text(const FileSummary& summary);
// The same for programs.
std::string inspect_json(const FileSummary& summary);

// The value of an attribute as JSON; null where it has none.
std::string attribute_json(const AttributeValue& value);

}  // namespace noether::dataset
