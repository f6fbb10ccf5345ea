#pragma once

// A table of text: a header of names, then a line of numbers for each row.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace noether::dataset {

// NaN where a value is missing.
struct TextTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;

  std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

// Columns are separated by semicolons, tabs, commas or blanks. Throws DataError with the line of a
// mistake; listens to Ctrl-C.
TextTable read_text_table(std::string_view text, const std::string& source);

}  // namespace noether::dataset
