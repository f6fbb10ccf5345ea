#include "learn/tensor/shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"

namespace noether::learn {

using base::ShapeError;

Shape::Shape(std::initializer_list<std::int64_t> extents)
    : Shape(std::span(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const std::int64_t> extents) : rank_(static_cast<int>(extents.size())) {
  if (rank_ > max_rank) {
    throw ShapeError(fmt::format("a tensor has at most {} axes, not {}", max_rank, rank_));
  }
  for (const std::int64_t extent : extents) {
    if (extent < 0) throw ShapeError(fmt::format("an extent is negative: {}", extent));
  }
  std::ranges::copy(extents, extents_.begin());
}

std::int64_t Shape::operator[](int axis) const {
  return extents_[static_cast<std::size_t>(checked_axis(*this, axis))];
}

std::int64_t Shape::size() const {
  std::int64_t product = 1;
  for (const std::int64_t extent : extents()) product *= extent;
  return product;
}

Shape Shape::with(int axis, std::int64_t extent) const {
  Shape changed = *this;
  changed.extents_[static_cast<std::size_t>(checked_axis(*this, axis))] = extent;
  return changed;
}

std::string to_string(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape.extents(), ", "));
}

int checked_axis(const Shape& shape, int axis) {
  const int counted = axis < 0 ? axis + shape.rank() : axis;
  if (counted < 0 || counted >= shape.rank()) {
    throw ShapeError(fmt::format("{} has no axis {}", to_string(shape), axis));
  }
  return counted;
}

Shape broadcast(const Shape& a, const Shape& b, const char* what) {
  const int rank = std::max(a.rank(), b.rank());
  std::array<std::int64_t, Shape::max_rank> extents{};
  for (int axis = 1; axis <= rank; ++axis) {
    const std::int64_t of_a = axis <= a.rank() ? a[-axis] : 1;
    const std::int64_t of_b = axis <= b.rank() ? b[-axis] : 1;
    if (of_a != of_b && of_a != 1 && of_b != 1) {
      throw ShapeError(
          fmt::format("{}: shapes do not broadcast: {} and {}", what, to_string(a), to_string(b)));
    }
    extents[static_cast<std::size_t>(rank - axis)] = of_a == 1 ? of_b : of_a;
  }
  return Shape(std::span(extents.data(), static_cast<std::size_t>(rank)));
}

}  // namespace noether::learn
