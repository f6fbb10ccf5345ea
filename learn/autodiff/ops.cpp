// Shape checks, and the call into the rule table.

#include "learn/autodiff/ops.h"

#include <fmt/format.h>

#include <numeric>

#include "base/error.h"
#include "learn/autodiff/op.h"

namespace noether::learn {

using base::ShapeError;

namespace {

[[noreturn]] void misfit(const char* op, const Tensor& a, const Tensor& b, const char* expected) {
  throw ShapeError(
      fmt::format("{}: {}: {} and {}", op, expected, to_string(a.shape()), to_string(b.shape())));
}

void check_types(const char* op, const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype()) {
    throw ShapeError(
        fmt::format("{}: types differ: {} and {}", op, to_string(a.dtype()), to_string(b.dtype())));
  }
}

Tensor elementwise(Op op, const Tensor& a, const Tensor& b) {
  const char* name = rule(op).name.data();
  check_types(name, a, b);
  static_cast<void>(broadcast(a.shape(), b.shape(), name));  // throws where they do not
  return apply(op, {a, b});
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b) { return elementwise(Op::add, a, b); }
Tensor sub(const Tensor& a, const Tensor& b) { return elementwise(Op::sub, a, b); }
Tensor mul(const Tensor& a, const Tensor& b) { return elementwise(Op::mul, a, b); }
Tensor div(const Tensor& a, const Tensor& b) { return elementwise(Op::div, a, b); }

Tensor accumulate(Tensor total, Tensor part) {
  if (!total.defined()) return part;
  return !part.defined() || total.absorb(part) ? total : add(total, part);
}

Tensor scale(const Tensor& x, double factor) { return apply(Op::scale, {x}, {.value = factor}); }
Tensor shift(const Tensor& x, double offset) { return apply(Op::shift, {x}, {.value = offset}); }
Tensor neg(const Tensor& x) { return scale(x, -1); }
Tensor exp(const Tensor& x) { return apply(Op::exp, {x}); }
Tensor log(const Tensor& x) { return apply(Op::log, {x}); }
Tensor sin(const Tensor& x) { return apply(Op::sin, {x}); }
Tensor cos(const Tensor& x) { return apply(Op::cos, {x}); }
Tensor tanh(const Tensor& x) { return apply(Op::tanh, {x}); }
Tensor sigmoid(const Tensor& x) { return apply(Op::sigmoid, {x}); }
Tensor sqrt(const Tensor& x) { return apply(Op::sqrt, {x}); }
Tensor square(const Tensor& x) { return apply(Op::square, {x}); }
Tensor power(const Tensor& x, double p) { return apply(Op::power, {x}, {.value = p}); }
Tensor step(const Tensor& x) { return apply(Op::step, {x}); }
Tensor relu(const Tensor& x) { return leaky_relu(x, 0); }
Tensor leaky_relu(const Tensor& x, double slope) {
  if (slope < 0) throw ShapeError(fmt::format("leaky_relu: the slope is {}, below 0", slope));
  return apply(Op::leaky_relu, {x}, {.value = slope});
}
Tensor abs(const Tensor& x) { return x * shift(scale(step(x), 2), -1); }
Tensor softplus(const Tensor& x) { return relu(x) + log(shift(exp(neg(abs(x))), 1)); }

Tensor broadcast_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (broadcast(x.shape(), shape, "broadcast_to") != shape) {
    throw ShapeError(fmt::format("broadcast_to: {} does not stretch to {}", to_string(x.shape()),
                                 to_string(shape)));
  }
  return apply(Op::broadcast_to, {x}, {.shape = shape});
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (broadcast(x.shape(), shape, "sum_to") != x.shape()) {
    throw ShapeError(
        fmt::format("sum_to: {} does not stretch to {}", to_string(shape), to_string(x.shape())));
  }
  return apply(Op::sum_to, {x}, {.shape = shape});
}

Tensor reshape(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (shape.size() != x.size()) {
    throw ShapeError(fmt::format("reshape: the values of {} do not fill {}", to_string(x.shape()),
                                 to_string(shape)));
  }
  return apply(Op::reshape, {x}, {.shape = shape});
}

Tensor permute(const Tensor& x, std::span<const int> axes) {
  Attributes attributes;
  std::array<bool, Shape::max_rank> seen{};
  if (std::ssize(axes) != x.shape().rank()) {
    throw ShapeError(
        fmt::format("permute: {} axes were given for {}", axes.size(), to_string(x.shape())));
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const int axis = checked_axis(x.shape(), axes[i]);
    if (std::exchange(seen[static_cast<std::size_t>(axis)], true)) {
      throw ShapeError(fmt::format("permute: axis {} is given twice", axis));
    }
    attributes.axes[i] = axis;
  }
  return apply(Op::permute, {x}, attributes);
}

Tensor transpose(const Tensor& x) {
  if (x.shape().rank() != 2) {
    throw ShapeError("transpose: a matrix was expected, not shape " + to_string(x.shape()));
  }
  return permute(x, std::array{1, 0});
}

Tensor slice(const Tensor& x, int axis, std::int64_t begin, std::int64_t end) {
  axis = checked_axis(x.shape(), axis);
  const std::int64_t extent = x.shape()[axis];
  if (begin < 0 || end < begin || extent < end) {
    throw ShapeError(fmt::format("slice: [{}, {}) lies outside axis {} of {}", begin, end, axis,
                                 to_string(x.shape())));
  }
  if (begin == 0 && end == extent) return x;
  return apply(Op::slice, {x},
               {.shape = x.shape().with(axis, end - begin), .axis = axis, .begin = begin});
}

Tensor column(const Tensor& x, std::int64_t j) { return slice(x, 1, j, j + 1); }

Tensor pad(const Tensor& x, int axis, std::int64_t before, std::int64_t after) {
  axis = checked_axis(x.shape(), axis);
  if (before < 0 || after < 0) throw ShapeError("pad: a number of zeros is negative");
  if (before == 0 && after == 0) return x;
  const Shape shape = x.shape().with(axis, before + x.shape()[axis] + after);
  return apply(Op::pad, {x}, {.shape = shape, .axis = axis, .begin = before});
}

Tensor concat(std::span<const Tensor> xs, int axis) {
  if (xs.empty()) throw ShapeError("concat: nothing was given");
  axis = checked_axis(xs[0].shape(), axis);
  std::int64_t total = 0;
  for (const Tensor& x : xs) {
    check_types("concat", xs[0], x);
    if (x.shape().rank() != xs[0].shape().rank() ||
        x.shape().with(axis, 0) != xs[0].shape().with(axis, 0)) {
      misfit("concat", xs[0], x, "shapes differ beside the joined axis");
    }
    total += x.shape()[axis];
  }
  if (xs.size() == 1) return xs[0];
  return apply(Op::concat, {xs.begin(), xs.end()},
               {.shape = xs[0].shape().with(axis, total), .axis = axis});
}

Tensor stack(std::span<const Tensor> xs) {
  Tensors rows;
  for (const Tensor& x : xs) {
    std::vector<std::int64_t> extents{1};
    extents.insert(extents.end(), x.shape().extents().begin(), x.shape().extents().end());
    rows.push_back(reshape(x, Shape(extents)));
  }
  return concat(rows, 0);
}

Tensor gather(const Tensor& x, const Indices& rows) {
  const std::int64_t n = x.shape()[0];
  for (const std::int64_t row : *rows) {
    if (row < 0 || row >= n) {
      throw ShapeError(fmt::format("gather: {} has no row {}", to_string(x.shape()), row));
    }
  }
  return apply(Op::gather, {x}, {.shape = x.shape().with(0, std::ssize(*rows)), .indices = rows});
}

Tensor scatter_add(const Tensor& x, const Indices& rows, std::int64_t n) {
  if (x.shape()[0] != std::ssize(*rows)) {
    throw ShapeError(
        fmt::format("scatter_add: {} rows were given for {}", rows->size(), to_string(x.shape())));
  }
  for (const std::int64_t row : *rows) {
    if (row < 0 || row >= n) throw ShapeError(fmt::format("scatter_add: no row {} in {}", row, n));
  }
  return apply(Op::scatter_add, {x}, {.shape = x.shape().with(0, n), .indices = rows});
}

Tensor sum(const Tensor& x) { return sum_to(x, {}); }

Tensor sum(const Tensor& x, int axis, bool keep_axis) {
  axis = checked_axis(x.shape(), axis);
  const Tensor kept = sum_to(x, x.shape().with(axis, 1));
  if (keep_axis) return kept;
  std::vector<std::int64_t> extents;
  for (int i = 0; i < x.shape().rank(); ++i) {
    if (i != axis) extents.push_back(x.shape()[i]);
  }
  return reshape(kept, Shape(extents));
}

Tensor mean(const Tensor& x) { return scale(sum(x), 1 / static_cast<double>(x.size())); }
Tensor mean(const Tensor& x, int axis, bool keep_axis) {
  return scale(sum(x, axis, keep_axis), 1 / static_cast<double>(x.shape()[axis]));
}

Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b) {
  check_types("matmul", a, b);
  const int ra = a.shape().rank(), rb = b.shape().rank();
  if (ra < 2 || ra > 3 || rb < 2 || rb > 3) {
    misfit("matmul", a, b, "two matrices, or batches of them, expected");
  }
  if (ra == 3 && rb == 3 && a.shape()[0] != b.shape()[0]) {
    misfit("matmul", a, b, "batches of one size expected");
  }
  if (a.shape()[transpose_a ? -2 : -1] != b.shape()[transpose_b ? -1 : -2]) {
    throw ShapeError(fmt::format("matmul: inner sizes differ: {}{} x {}{}", to_string(a.shape()),
                                 transpose_a ? "^T" : "", to_string(b.shape()),
                                 transpose_b ? "^T" : ""));
  }
  // rows times one matrix are rows, whatever batch they are of: a single product
  if (ra == 3 && rb == 2 && !transpose_a) {
    const std::int64_t batch = a.shape()[0], m = a.shape()[1], k = a.shape()[2];
    const Tensor rows = matmul(reshape(a, {batch * m, k}), b, false, transpose_b);
    return reshape(rows, {batch, m, rows.shape()[1]});
  }
  return apply(Op::matmul, {a, b}, {.transpose_a = transpose_a, .transpose_b = transpose_b});
}

Tensor linear(const Tensor& x, const Tensor& W, const Tensor& b) {
  check_types("linear", x, W);
  check_types("linear", x, b);
  if (x.shape().rank() != 2 || W.shape().rank() != 2 || x.shape()[1] != W.shape()[1]) {
    misfit("linear", x, W, "x [n, in] and W [out, in] expected");
  }
  if (b.shape() != Shape{W.shape()[0]}) misfit("linear", W, b, "W [out, in] and b [out] expected");
  return apply(Op::linear, {x, W, b});
}

Tensor row_dot(const Tensor& a, const Tensor& b) {
  check_types("row_dot", a, b);
  if (a.shape().rank() != 2 || a.shape() != b.shape())
    misfit("row_dot", a, b, "two [n, d] expected");
  return apply(Op::row_dot, {a, b});
}

Tensor scale_rows(const Tensor& x, const Tensor& s) {
  check_types("scale_rows", x, s);
  if (x.shape().rank() != 2 || s.shape() != Shape{x.shape()[0], 1}) {
    misfit("scale_rows", x, s, "x [n, d] and s [n, 1] expected");
  }
  return apply(Op::scale_rows, {x, s});
}

Tensor standardize(const Tensor& x, double epsilon) {
  if (x.shape().rank() != 2) {
    throw ShapeError("standardize: rows [n, d] were expected, not shape " + to_string(x.shape()));
  }
  return apply(Op::standardize, {x}, {.value = epsilon});
}

}  // namespace noether::learn
