#pragma once

// The differentiable operations. Types must agree; shapes broadcast by NumPy's rules where said so.
// All throw ShapeError where shapes do not fit.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::learn {

// elementwise, broadcasting
Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);

// total + part, in the memory of `total` where no other tensor shares it: for loops that add up
// large tensors, with total = accumulate(std::move(total), part). An undefined one is zero.
Tensor accumulate(Tensor total, Tensor part);

// elementwise
Tensor scale(const Tensor& x, double factor);
Tensor shift(const Tensor& x, double offset);
Tensor neg(const Tensor& x);
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor square(const Tensor& x);
Tensor power(const Tensor& x, double p);
Tensor step(const Tensor& x);                      // 1 where x > 0, else 0; its derivative is zero
Tensor relu(const Tensor& x);                      // x step(x)
Tensor leaky_relu(const Tensor& x, double slope);  // x where x > 0, else slope x; slope >= 0
Tensor abs(const Tensor& x);
Tensor softplus(const Tensor& x);  // log(1 + exp(x))

// shapes
Tensor broadcast_to(const Tensor& x, const Shape& shape);
Tensor sum_to(const Tensor& x, const Shape& shape);  // the adjoint of broadcast_to
Tensor reshape(const Tensor& x, const Shape& shape);
Tensor permute(const Tensor& x, std::span<const int> axes);  // result axis i is input axis axes[i]
Tensor transpose(const Tensor& x);                           // of a matrix
Tensor slice(const Tensor& x, int axis, std::int64_t begin, std::int64_t end);
Tensor column(const Tensor& x, std::int64_t j);                                  // [n, 1] of [n, m]
Tensor pad(const Tensor& x, int axis, std::int64_t before, std::int64_t after);  // with zeros
Tensor concat(std::span<const Tensor> xs, int axis);
Tensor stack(std::span<const Tensor> xs);  // along a new first axis

// rows of x, [n, ...] -> [indices.size(), ...], and its adjoint, which adds rows into [n, ...]
using Indices = std::shared_ptr<const std::vector<std::int64_t>>;
Tensor gather(const Tensor& x, const Indices& rows);
Tensor scatter_add(const Tensor& x, const Indices& rows, std::int64_t n);

// sums
Tensor sum(const Tensor& x);  // of all values, to a scalar
Tensor sum(const Tensor& x, int axis, bool keep_axis = false);
Tensor mean(const Tensor& x);
Tensor mean(const Tensor& x, int axis, bool keep_axis = false);

// products; in matmul each of a and b may have a leading batch axis, [b, m, k] x [b, k, n]
Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a = false, bool transpose_b = false);
Tensor linear(const Tensor& x, const Tensor& W, const Tensor& b);  // x W^T + b: [n,i] [o,i] [o]

// Rows of two [n, d]: their inner products [n, 1]; and rows of x [n, d], each times its value of
// s [n, 1].
Tensor row_dot(const Tensor& a, const Tensor& b);
Tensor scale_rows(const Tensor& x, const Tensor& s);
// Rows of x [n, d], each less its mean and divided by sqrt(variance + epsilon).
Tensor standardize(const Tensor& x, double epsilon);

// images, [b, c, h, w]
Tensor upsample(const Tensor& x, std::int64_t factor);  // every pixel becomes factor x factor
Tensor sum_pool(const Tensor& x, std::int64_t factor);  // its adjoint
struct Window {
  std::int64_t stride = 1;
  std::int64_t padding = 0;
};
// The three gradients of T(x, w, g) = sum g * conv(x, w) with x [b,c,h,w], w [k,c,kh,kw] and
// g [b,k,oh,ow], oh = (h + 2 padding - kh) / stride + 1: with respect to g, x and w.
Tensor conv2d(const Tensor& x, const Tensor& w, const Window& window = {});
Tensor conv2d_dx(const Tensor& g, const Tensor& w, const Shape& x, const Window& window = {});
Tensor conv2d_dw(const Tensor& x, const Tensor& g, const Shape& w, const Window& window = {});

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator-(const Tensor& x) { return neg(x); }
inline Tensor operator*(double factor, const Tensor& x) { return scale(x, factor); }
inline Tensor operator*(const Tensor& x, double factor) { return scale(x, factor); }
inline Tensor operator/(const Tensor& x, double divisor) { return scale(x, 1 / divisor); }
inline Tensor operator+(const Tensor& x, double offset) { return shift(x, offset); }
inline Tensor operator-(const Tensor& x, double offset) { return shift(x, -offset); }

}  // namespace noether::learn
