#include "learn/tensor/tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/error.h"

namespace noether::learn {

std::string_view to_string(DType dtype) { return dtype == DType::f32 ? "float32" : "float64"; }

template <class T>
Tensor Tensor::from(std::span<const T> values, const Shape& shape) {
  if (std::ssize(values) != shape.size()) {
    throw base::ShapeError(
        fmt::format("{} values do not fill a tensor of shape {}", values.size(), to_string(shape)));
  }
  return build<T>(shape, [&](std::span<T> out) { std::ranges::copy(values, out.begin()); });
}
template Tensor Tensor::from(std::span<const float>, const Shape&);
template Tensor Tensor::from(std::span<const double>, const Shape&);

Tensor Tensor::from(std::initializer_list<double> values, const Shape& shape, DType dtype) {
  return cast(from(std::span<const double>(values.begin(), values.size()), shape), dtype);
}

Tensor Tensor::full(const Shape& shape, double value, DType dtype) {
  return with_dtype(dtype, [&]<class T>(T) {
    return build<T>(shape,
                    [&](std::span<T> out) { std::ranges::fill(out, static_cast<T>(value)); });
  });
}

template <class T>
std::span<const T> Tensor::data() const {
  if (box_ != nullptr) {
    throw std::logic_error(
        "the values of a tensor under differentiation were asked for; "
        "use operations on it, or stop_gradient");
  }
  if (buffer_ == nullptr) throw std::logic_error("a tensor without values was read");
  if (dtype_ != dtype_of<T>) {
    throw std::logic_error(fmt::format("a {} tensor was read as another type", to_string(dtype_)));
  }
  return {reinterpret_cast<const T*>(buffer_->data()), static_cast<std::size_t>(shape_.size())};
}
template std::span<const float> Tensor::data<float>() const;
template std::span<const double> Tensor::data<double>() const;

double Tensor::item() const {
  if (size() != 1) {
    throw base::ShapeError(
        fmt::format("item: a single value was expected, not shape {}", to_string(shape_)));
  }
  return with_dtype(dtype_, [&]<class T>(T) { return static_cast<double>(data<T>()[0]); });
}

std::vector<double> Tensor::to_vector() const {
  return with_dtype(dtype_, [&]<class T>(T) {
    const auto values = data<T>();
    return std::vector<double>(values.begin(), values.end());
  });
}

Tensor Tensor::reshaped(const Shape& shape) const {
  if (shape.size() != size()) {
    throw base::ShapeError(
        fmt::format("reshape: {} values do not fit into {}", to_string(shape_), to_string(shape)));
  }
  if (box_ != nullptr) {
    throw std::logic_error("a tensor under differentiation is given a shape by reshape(x, shape)");
  }
  Tensor other = *this;
  other.shape_ = shape;
  return other;
}

bool Tensor::absorb(const Tensor& part) {
  if (box_ != nullptr || part.buffer_ == nullptr || buffer_.use_count() != 1) return false;
  if (shape_ != part.shape_ || dtype_ != part.dtype_) return false;
  with_dtype(dtype_, [&]<class T>(T) {
    auto* mine = reinterpret_cast<T*>(buffer_->data());
    for (const T value : part.data<T>()) *mine++ += value;
  });
  return true;
}

Tensor Tensor::boxed(std::shared_ptr<const Box> box, const Tensor& primal) {
  Tensor made(primal.shape(), primal.dtype());
  made.box_ = std::move(box);
  return made;
}

Tensor zeros_like(const Tensor& x) { return Tensor::full(x.shape(), 0, x.dtype()); }
Tensor ones_like(const Tensor& x) { return Tensor::full(x.shape(), 1, x.dtype()); }

Tensor cast(const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  return with_dtype(x.dtype(), [&]<class From>(From) {
    return with_dtype(dtype, [&]<class To>(To) {
      const auto values = x.data<From>();
      return Tensor::build<To>(x.shape(), [&](std::span<To> out) {
        std::ranges::transform(values, out.begin(), [](From v) { return static_cast<To>(v); });
      });
    });
  });
}

}  // namespace noether::learn
