#include "dataset/store/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace noether::dataset {
namespace {

constexpr std::int64_t target_chunk_bytes = 1 << 20;
constexpr std::int64_t frames_per_chunk = 16;

}  // namespace

std::size_t element_bytes(ElementType type) {
  switch (type) {
    case ElementType::i1:
    case ElementType::u1:
    case ElementType::boolean:
      return 1;
    case ElementType::f4:
      return 4;
    case ElementType::i8:
    case ElementType::u8:
    case ElementType::f8:
      return 8;
    case ElementType::text:
      return 0;
  }
  return 0;
}

std::string_view element_name(ElementType type) {
  switch (type) {
    case ElementType::i1:
      return "int8";
    case ElementType::u1:
      return "uint8";
    case ElementType::i8:
      return "int64";
    case ElementType::u8:
      return "uint64";
    case ElementType::f4:
      return "float32";
    case ElementType::f8:
      return "float64";
    case ElementType::boolean:
      return "bool";
    case ElementType::text:
      return "text";
  }
  return "";
}

std::int64_t element_count(std::span<const std::int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t row_bytes(const Array& array) {
  return element_count(std::span(array.shape).subspan(1)) *
         static_cast<std::int64_t>(element_bytes(array.type));
}

Shape chunk_shape(const Array& array) {
  if (array.shape.empty()) return {};
  Shape chunk = array.shape;
  if (array.rows_per_chunk > 0) {
    chunk[0] = std::min(chunk[0], array.rows_per_chunk);
    return chunk;
  }
  const std::int64_t row = std::max<std::int64_t>(row_bytes(array), 1);
  const bool by_rows = row <= target_chunk_bytes && !array.compressed;
  chunk[0] = by_rows ? std::min(chunk[0], target_chunk_bytes / row) : 1;
  if (!by_rows && chunk.size() > 1) {
    const std::int64_t slice = std::max<std::int64_t>(row / chunk[1], 1);
    const std::int64_t most = std::max<std::int64_t>(target_chunk_bytes / slice, 1);
    chunk[1] = std::min({chunk[1], most, array.compressed ? frames_per_chunk : most});
  }
  for (auto& extent : chunk) extent = std::max<std::int64_t>(extent, 1);
  return chunk;
}

std::size_t chunk_bytes(const Array& array) {
  return static_cast<std::size_t>(element_count(chunk_shape(array))) * element_bytes(array.type);
}

std::string shape_text(std::span<const std::int64_t> shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

}  // namespace noether::dataset
