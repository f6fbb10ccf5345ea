#pragma once

// What a dataset file holds, as plain data: attributes and named arrays. The writer turns a Layout
// into HDF5 without knowing what a pendulum is.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace noether::dataset {

// Element types by their NumPy names; boolean is h5py's enum of int8 {FALSE, TRUE}, text is UTF-8.
enum class ElementType { i1, u1, i8, u8, f4, f8, boolean, text };

std::size_t element_bytes(ElementType type);      // 0 for text
std::string_view element_name(ElementType type);  // "float64"

template <class T>
constexpr ElementType element_type_of();
template <>
constexpr ElementType element_type_of<std::int8_t>() {
  return ElementType::i1;
}
template <>
constexpr ElementType element_type_of<std::uint8_t>() {
  return ElementType::u1;
}
template <>
constexpr ElementType element_type_of<std::int64_t>() {
  return ElementType::i8;
}
template <>
constexpr ElementType element_type_of<std::uint64_t>() {
  return ElementType::u8;
}
template <>
constexpr ElementType element_type_of<float>() {
  return ElementType::f4;
}
template <>
constexpr ElementType element_type_of<double>() {
  return ElementType::f8;
}

using Shape = std::vector<std::int64_t>;
using Bytes = std::vector<std::byte>;

// std::monostate stands for a type this library does not know, found in a file made elsewhere.
using AttributeValue =
    std::variant<std::monostate, std::int8_t, std::int64_t, std::uint64_t, double, bool,
                 std::string, std::vector<std::string>, std::vector<double>>;

struct Attribute {
  std::string name;
  AttributeValue value;
};

// One array of the file. A streamed array arrives row by row, its first axis counting trajectories
// or episodes; any other is held whole, in `content` or, if text, in `text`.
struct Array {
  std::string path;  // "trajectories/state", without a leading slash
  ElementType type = ElementType::f8;
  Shape shape;
  std::vector<Attribute> attributes;
  // Names of the dimensions, none for a scalar or a scale: each is tied to a scale of that name at
  // the root of the file, and is of the same extent wherever it stands.
  std::vector<std::string> axes = {};
  bool streamed = false;
  bool compressed = false;  // deflate level 4, chunks of one row and 16 times
  // Rows of a chunk, where every block of a streamed array is to be one; 0: as many as fill 1 MiB.
  std::int64_t rows_per_chunk = 0;
  Bytes content = {};
  std::vector<std::string> text = {};
};

struct Layout {
  std::vector<Attribute> attributes;  // of the root
  std::vector<Array> arrays;
};

// Numbers of a row, or of the whole shape.
std::int64_t element_count(std::span<const std::int64_t> shape);
std::int64_t row_bytes(const Array& array);

// The chunk extents of an array: rows_per_chunk, else whole rows up to about 1 MiB, a row split
// along its second axis where it is larger; (1, 16, ...) where compressed, fewer where 16 exceed
// 1 MiB.
Shape chunk_shape(const Array& array);

// Bytes of a whole chunk.
std::size_t chunk_bytes(const Array& array);

// Whether the blocks of a streamed array are made of whole chunks.
inline bool comes_in_chunks(const Array& array) {
  return array.compressed || array.rows_per_chunk > 0;
}

// "(50, 45, 2)"
std::string shape_text(std::span<const std::int64_t> shape);

template <class T>
Bytes to_bytes(std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  return {bytes.begin(), bytes.end()};
}

}  // namespace noether::dataset
