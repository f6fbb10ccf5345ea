#pragma once

// An immutable n-dimensional array. A trace can follow it (autodiff/trace.h).

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "learn/tensor/buffer.h"
#include "learn/tensor/shape.h"

namespace noether::learn {

enum class DType { f32, f64 };

template <class T>
inline constexpr DType dtype_of = sizeof(T) == 4 ? DType::f32 : DType::f64;

std::string_view to_string(DType dtype);

// Calls action(T{}) with T the C++ type of dtype.
template <class Action>
decltype(auto) with_dtype(DType dtype, Action&& action) {
  return dtype == DType::f32 ? action(float{}) : action(double{});
}

struct Box;  // what a trace knows of a tensor: autodiff/trace.h

// A handle: copying shares the values, and what is shared never changes. Contiguous, row-major,
// 64-byte aligned; no views, no strides. A default-made Tensor is undefined and stands for a zero
// cotangent.
//
// A tensor under differentiation is boxed: it has a shape, but its values belong to the trace, and
// data() throws. Otherwise a rule that reads values would lose the second derivative, and nobody
// would notice.
class Tensor {
 public:
  Tensor() = default;

  // Values in row-major order; throws ShapeError where their number does not fit.
  template <class T>
  static Tensor from(std::span<const T> values, const Shape& shape);
  static Tensor from(std::initializer_list<double> values, const Shape& shape,
                     DType dtype = DType::f64);
  static Tensor full(const Shape& shape, double value, DType dtype = DType::f64);
  static Tensor scalar(double value, DType dtype = DType::f64) { return full({}, value, dtype); }

  // A new tensor whose values fill(std::span<T>) writes.
  template <class T, class Fill>
  static Tensor build(const Shape& shape, Fill&& fill) {
    Tensor made(shape, dtype_of<T>);
    auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(shape.size()) * sizeof(T));
    fill(std::span(reinterpret_cast<T*>(buffer->data()), static_cast<std::size_t>(shape.size())));
    made.buffer_ = std::move(buffer);
    return made;
  }

  bool defined() const { return buffer_ != nullptr || box_ != nullptr; }
  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  std::int64_t size() const { return shape_.size(); }

  // The values; throws std::logic_error where the tensor is boxed, undefined or of another type.
  template <class T>
  std::span<const T> data() const;
  double item() const;                    // the only value
  std::vector<double> to_vector() const;  // all values, as doubles

  // The same values under another shape of the same size; shares memory.
  Tensor reshaped(const Shape& shape) const;
  // Adds the values of `part` to these, if both have values, one shape and one type, and no other
  // tensor shares them: then nobody sees the change. Tells whether it did.
  bool absorb(const Tensor& part);
  // Shape and type alone: what the tape keeps of a tensor whose values no rule will ask for.
  Tensor husk() const { return Tensor(shape_, dtype_); }

  // For traces only.
  static Tensor boxed(std::shared_ptr<const Box> box, const Tensor& primal);
  const std::shared_ptr<const Box>& box() const { return box_; }

 private:
  Tensor(const Shape& shape, DType dtype) : shape_(shape), dtype_(dtype) {}

  Shape shape_;
  DType dtype_ = DType::f64;
  std::shared_ptr<Buffer> buffer_;
  std::shared_ptr<const Box> box_;
};

using Tensors = std::vector<Tensor>;

Tensor zeros_like(const Tensor& x);
Tensor ones_like(const Tensor& x);

// The same values in another type: a new leaf, for no gradient passes between types.
Tensor cast(const Tensor& x, DType dtype);

}  // namespace noether::learn
