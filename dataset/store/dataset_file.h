#pragma once

// Reading datasets: nothing is trusted before it is checked, and nothing is read before it is asked
// for.

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "dataset/store/h5.h"

namespace noether::dataset {

// Opens any HDF5 file for reading that is intact or foreign (examine.h); throws DataError that says
// why another one is not read.
H5File open_h5(const std::filesystem::path& path);

// The numbers of an array as T, which must be its element type; throws DataError naming file and
// array.
template <class T>
std::vector<T> read_rows(const H5File& file, const std::string& array, std::int64_t first,
                         std::int64_t count);
template <class T>
std::vector<T> read_array(const H5File& file, const std::string& array);

// The unit of element k along the last axis of an array, "" where none is given.
std::string column_unit(const H5File& file, const std::string& array, std::size_t k);

struct Schema;

// A file of one of the schemas, checked for its form when opened; arrays are read when asked
// for.
class DatasetFile {
 public:
  // Throws DataError where the file is missing, damaged, incomplete or of another form.
  explicit DatasetFile(const std::filesystem::path& path);
  // The same for a file that is open.
  explicit DatasetFile(H5File file);

  std::string_view schema() const;                   // "noether/trajectories"
  std::string group() const;                         // of its samples: "trajectories"
  std::int64_t samples() const { return samples_; }  // trajectories or episodes
  std::vector<std::string> invariant_names() const;
  // Of trajectories: how many points each has, and the times of one of them.
  std::vector<std::int64_t> lengths() const;
  std::vector<double> times_of(std::int64_t trajectory) const;
  // Whether these differ from one trajectory to another.
  bool has_own_times() const;
  // Whether they are episodes that something drives, with actions and rewards.
  bool has_actions() const;
  const H5File& h5() const { return file_; }

  // Root attributes; throw DataError where missing or of another type.
  std::string text(const std::string& attribute) const;
  double number(const std::string& attribute) const;  // integers too
  std::vector<std::string> names(const std::string& attribute) const;

  template <class T>
  std::vector<T> read(const std::string& array) const {
    return read_array<T>(file_, array);
  }
  template <class T>
  std::vector<T> rows(const std::string& array, std::int64_t first, std::int64_t count) const {
    return read_rows<T>(file_, array, first, count);
  }

 private:
  H5File file_;
  const Schema* schema_;
  std::int64_t samples_ = 0;
};

void require_type(const H5File& file, const std::string& array, ElementType expected);

template <class T>
std::vector<T> read_rows(const H5File& file, const std::string& array, std::int64_t first,
                         std::int64_t count) {
  require_type(file, array, element_type_of<T>());
  const Bytes bytes = file.read_rows(array, first, count);
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template <class T>
std::vector<T> read_array(const H5File& file, const std::string& array) {
  const Shape shape = file.describe(array).shape;
  return read_rows<T>(file, array, 0, shape.empty() ? 1 : shape[0]);
}

}  // namespace noether::dataset
