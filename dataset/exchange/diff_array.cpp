#include "dataset/exchange/diff_array.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "base/interrupt.h"

namespace noether::dataset {
namespace {

// |a - b|, exact until it is rounded to double; infinite where one of them is NaN
template <class T>
double distance(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b))
      return std::isnan(a) && std::isnan(b) ? 0 : std::numeric_limits<double>::infinity();
    return a == b ? 0 : std::abs(static_cast<double>(a) - static_cast<double>(b));
  } else {
    // the difference of 64-bit integers may need 65 bits with its sign, but 64 without
    using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
    const auto large = static_cast<std::uint64_t>(Wide{std::max(a, b)});
    const auto small = static_cast<std::uint64_t>(Wide{std::min(a, b)});
    return static_cast<double>(large - small);
  }
}

template <class T>
bool same_value(T a, T b, double tolerance) {
  if (std::memcmp(&a, &b, sizeof a) == 0) return true;
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) && std::isnan(b)) return true;
  }
  return tolerance > 0 && distance(a, b) <= tolerance;
}

Shape place_of(std::int64_t element, const Shape& shape) {
  Shape place(shape.size(), 0);
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    place[axis] = element % shape[axis];
    element /= shape[axis];
  }
  return place;
}

// adds the elements of two pieces that begin at `offset` of the array
template <class T>
void compare_pieces(const Bytes& a, const Bytes& b, std::int64_t offset, double tolerance,
                    ArrayDifference& result) {
  for (std::size_t at = 0; at < a.size(); at += sizeof(T)) {
    T x{};
    T y{};
    std::memcpy(&x, a.data() + at, sizeof x);
    std::memcpy(&y, b.data() + at, sizeof y);
    if (same_value(x, y, 0)) continue;
    if (!same_value(x, y, tolerance)) ++result.differing;
    const double difference = distance(x, y);
    const bool is_first = result.first.empty();
    if (!is_first && !(difference > result.largest)) continue;
    result.largest = difference;
    result.at = place_of(offset + static_cast<std::int64_t>(at / sizeof(T)), result.shape);
    result.first = fmt::format("{}", x);
    result.second = fmt::format("{}", y);
  }
}

void compare_numbers(ElementType type, const Bytes& a, const Bytes& b, std::int64_t offset,
                     double tolerance, ArrayDifference& result) {
  switch (type) {
    case ElementType::i1:
    case ElementType::boolean:
      return compare_pieces<std::int8_t>(a, b, offset, tolerance, result);
    case ElementType::u1:
      return compare_pieces<std::uint8_t>(a, b, offset, tolerance, result);
    case ElementType::i8:
      return compare_pieces<std::int64_t>(a, b, offset, tolerance, result);
    case ElementType::u8:
      return compare_pieces<std::uint64_t>(a, b, offset, tolerance, result);
    case ElementType::f4:
      return compare_pieces<float>(a, b, offset, tolerance, result);
    case ElementType::f8:
      return compare_pieces<double>(a, b, offset, tolerance, result);
    case ElementType::text:
      break;
  }
}

void compare_text(const H5File& first, const H5File& second, ArrayDifference& result) {
  const auto a = first.read_text(result.path);
  const auto b = second.read_text(result.path);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b.at(i)) continue;
    if (result.differing++ > 0) continue;
    result.at = place_of(static_cast<std::int64_t>(i), result.shape);
    result.first = a[i];
    result.second = b[i];
  }
}

void compare_elements(const H5File& first, const H5File& second, ElementType type, double tolerance,
                      const std::function<void(std::int64_t)>& on_bytes, ArrayDifference& result) {
  if (type == ElementType::text) {
    compare_text(first, second, result);
    return;
  }
  const std::int64_t row =
      result.shape.empty() ? 1 : element_count(std::span(result.shape).subspan(1));
  const auto row_size = row * static_cast<std::int64_t>(element_bytes(type));
  first.for_each_piece(result.path, [&](std::int64_t from, const Bytes& a) {
    base::check_interrupt();
    const auto size = static_cast<std::int64_t>(a.size());
    const Bytes b = second.read_rows(result.path, from, size / row_size);
    compare_numbers(type, a, b, from * row, tolerance, result);
    on_bytes(size);
  });
}

}  // namespace

bool equal_numbers(double a, double b, double tolerance) { return same_value(a, b, tolerance); }

ArrayDifference compare_array(const H5File& first, const H5File& second, const std::string& path,
                              double tolerance, const std::function<void(std::int64_t)>& on_bytes) {
  const H5Array a = first.describe(path);
  const H5Array b = second.describe(path);
  ArrayDifference result{.path = path, .type = a.type_name, .shape = a.shape};
  if (a.type != b.type || a.type_name != b.type_name) {
    result.status = ArrayStatus::other_type;
    result.first = a.type_name;
    result.second = b.type_name;
  } else if (a.shape != b.shape) {
    result.status = ArrayStatus::other_shape;
    result.first = shape_text(a.shape);
    result.second = shape_text(b.shape);
  } else if (!a.type) {
    result.status = ArrayStatus::not_comparable;
  } else {
    compare_elements(first, second, *a.type, tolerance, on_bytes, result);
    if (result.differing > 0) result.status = ArrayStatus::differs;
  }
  return result;
}

}  // namespace noether::dataset
