#pragma once

// Tensors as Eigen arrays, for kernels only.

#include <Eigen/Core>
#include <cmath>

#include "learn/tensor/tensor.h"

namespace noether::learn::kernels {

template <class T>
using ConstFlat = Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>, Eigen::Aligned64>;
template <class T>
using Flat = Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>, Eigen::Aligned64>;
template <class T>
using ConstGrid =
    Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
template <class T>
using Grid = Eigen::Map<Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

// All values in a row.
template <class T>
ConstFlat<T> flat(const Tensor& x) {
  return {x.data<T>().data(), x.size()};
}
template <class T>
Flat<T> flat(std::span<T> out) {
  return {out.data(), std::ssize(out)};
}

// All values and the rest of their last 64 bytes, which belong to the tensor and mean nothing: for
// functions of single elements. Eigen computes whole vectors by its own code and what is left over
// by the C library, whose last bits may differ; here nothing is left over.
template <class T>
std::ptrdiff_t padded_size(std::ptrdiff_t size) {
  constexpr std::ptrdiff_t step = 64 / sizeof(T);
  return (size + step - 1) / step * step;
}
template <class T>
ConstFlat<T> padded(const Tensor& x) {
  return {x.data<T>().data(), padded_size<T>(x.size())};
}
template <class T>
Flat<T> padded(std::span<T> out) {
  return {out.data(), padded_size<T>(std::ssize(out))};
}

// All values as rows x columns.
template <class T>
ConstGrid<T> grid(const Tensor& x, std::int64_t rows, std::int64_t columns) {
  return {x.data<T>().data(), rows, columns};
}
template <class T>
Grid<T> grid(std::span<T> out, std::int64_t rows, std::int64_t columns) {
  return {out.data(), rows, columns};
}

}  // namespace noether::learn::kernels
