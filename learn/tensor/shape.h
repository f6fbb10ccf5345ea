#pragma once

// The extents of a tensor, outermost first.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace noether::learn {

// Up to five extents; none at all is a scalar. Row-major: the last axis is contiguous.
class Shape {
 public:
  static constexpr int max_rank = 5;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents);
  explicit Shape(std::span<const std::int64_t> extents);

  int rank() const { return rank_; }
  // The extent of `axis`, which counts from the end where negative.
  std::int64_t operator[](int axis) const;
  std::int64_t size() const;  // the product of all extents
  std::span<const std::int64_t> extents() const {
    return {extents_.data(), static_cast<std::size_t>(rank_)};
  }
  // This shape with the extent of one axis replaced.
  Shape with(int axis, std::int64_t extent) const;

  friend bool operator==(const Shape&, const Shape&) = default;

 private:
  std::array<std::int64_t, max_rank> extents_{};
  int rank_ = 0;
};

// "[32, 200]"
std::string to_string(const Shape& shape);

// The axis counted from the front; throws ShapeError where there is none such.
int checked_axis(const Shape& shape, int axis);

// The shape that both broadcast to by NumPy's rules (aligned at the last axis, extent 1 stretches);
// throws ShapeError, beginning with `what`, where there is none.
Shape broadcast(const Shape& a, const Shape& b, const char* what);

}  // namespace noether::learn
