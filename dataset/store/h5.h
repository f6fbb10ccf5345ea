#pragma once

// HDF5 files by value: RAII over the C API. With h5_*.cpp the only place that knows HDF5.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dataset/store/layout.h"

namespace noether::dataset {

// Bytes before the HDF5 signature, free for the seal (seal.h).
inline constexpr std::int64_t h5_user_block_bytes = 512;

// What a file says of an array. `type` is empty for one this library does not know ("compound").
struct H5Array {
  std::optional<ElementType> type = {};
  std::string type_name = {};
  Shape shape = {};
  Shape chunk = {};                       // empty: contiguous
  std::vector<std::string> filters = {};  // in the order of writing: "deflate", "fletcher32"
  std::string missing_filter = {};        // the first one that this machine lacks: "lzf"
  std::int64_t stored_bytes = 0;
};

// An open file. Every failure of the library is thrown as DataError naming the file and the object.
// To be used by one thread at a time.
class H5File {
 public:
  // A new file with a zeroed user block; bytes depend on what is written, not on the clock.
  static H5File create(const std::filesystem::path& path);
  // The same without a file on disk: gone when it is closed. `name` stands in errors.
  static H5File create_in_memory(const std::string& name);
  // An existing file, read only.
  static H5File open(const std::filesystem::path& path);
  ~H5File();
  H5File(H5File&& other) noexcept;
  H5File& operator=(H5File&& other) noexcept;

  const std::filesystem::path& path() const { return path_; }

  std::vector<std::string> array_paths() const;  // every array, sorted, each by one name
  bool contains(const std::string& array) const;
  H5Array describe(const std::string& array) const;

  // `object` is an array path, or "" for the root.
  std::vector<std::string> attribute_names(const std::string& object) const;
  std::optional<AttributeValue> attribute(const std::string& object, const std::string& name) const;
  // The text of a text attribute, "" where it is missing or of another type.
  std::string text_attribute(const std::string& object, const std::string& name) const;
  void set_attribute(const std::string& object, const Attribute& attribute);

  // Makes the array with its attributes, chunks, fletcher32 and, where compressed, deflate 4;
  // writes nothing into it.
  void create_array(const Array& array);
  void write_rows(const std::string& array, std::int64_t first_row,
                  std::span<const std::byte> rows);
  void write_text(const std::string& array, const std::vector<std::string>& text);
  // Makes an array with one axis whose elements are rows of bytes, each of its own length, and
  // fills it; `array` gives path, attributes and axes, its type and shape follow from `rows`.
  void write_variable_bytes(const Array& array, const std::vector<Bytes>& rows);
  // Stores one chunk, already filtered, whose first element is at `offset`. Returns where the file
  // ended before: there HDF5 puts a chunk, unless it has free space elsewhere.
  std::int64_t write_chunk(const std::string& array, std::span<const std::int64_t> offset,
                           std::span<const std::byte> chunk);
  // A second name of an array.
  void link(const std::string& array, const std::string& name);
  // A dimension scale at the root that holds no numbers: an axis with a name and an extent, as
  // netCDF-4 has them. It is none of the array_paths().
  void create_dimension(const std::string& name, std::int64_t extent);
  // Ties axis `axis` of the array to the dimension scale `scale`.
  void attach_scale(const std::string& array, const std::string& scale, unsigned axis);
  // Says by the attributes of HDF5's image specification 1.2 that the last three axes are those of
  // images in true colour, pixel after pixel. Scales come before.
  void mark_as_images(const std::string& array);

  // `count` rows from `first_row` in native byte order, a scalar being one row; never of a text
  // array.
  Bytes read_rows(const std::string& array, std::int64_t first_row, std::int64_t count) const;
  // The same of one row of at least two axes: `count` of its elements along axis 1, from `first`.
  Bytes read_part(const std::string& array, std::int64_t row, std::int64_t first,
                  std::int64_t count) const;
  // A whole array of integers or floating-point numbers of any size and byte order, in the order of
  // C.
  std::vector<double> read_numbers(const std::string& array) const;
  std::vector<std::string> read_text(const std::string& array) const;
  std::vector<Bytes> read_variable_bytes(const std::string& array) const;

  // Reads a whole numeric array in pieces of rows of at most about 16 MiB, calling visit(first row,
  // rows) for each.
  void for_each_piece(const std::string& array,
                      const std::function<void(std::int64_t, const Bytes&)>& visit) const;

  // Flushes and closes; a full disk shows itself here at the latest.
  void close();

 private:
  // A new file by the driver that `access`, an HDF5 identifier, names.
  static H5File create(const std::filesystem::path& path, const std::filesystem::path& opened_as,
                       std::int64_t access);
  void annotate(const Array& array);  // axis labels and attributes of an array that exists
  H5File(std::filesystem::path path, std::int64_t handle);
  std::filesystem::path path_;
  std::int64_t handle_ = -1;
};

// "1.10.8"
std::string hdf5_version();

}  // namespace noether::dataset
