// Shape checks of the operations on images, [b, c, h, w].

#include <fmt/format.h>

#include "base/error.h"
#include "learn/autodiff/op.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {

using base::ShapeError;

namespace {

void check_image(const char* op, const Tensor& x, std::int64_t factor) {
  if (x.shape().rank() != 4) {
    throw ShapeError(fmt::format("{}: images [b, c, h, w] were expected, not shape {}", op,
                                 to_string(x.shape())));
  }
  if (factor < 1) {
    throw ShapeError(fmt::format("{}: the factor is {}, at least 1 was expected", op, factor));
  }
}

// The result's extent along one axis; throws ShapeError where the kernel does not fit.
std::int64_t steps(const char* op, std::int64_t image, std::int64_t kernel, const Window& window) {
  const std::int64_t room = image + 2 * window.padding - kernel;
  if (kernel < 1 || room < 0) {
    throw ShapeError(fmt::format("{}: a kernel {} wide does not fit into {} pixels and padding {}",
                                 op, kernel, image, window.padding));
  }
  return room / window.stride + 1;
}

// The shape [b, k, oh, ow] of conv(x, w).
Shape convolved(const char* op, const Shape& x, const Shape& w, const Window& window) {
  if (window.stride < 1 || window.padding < 0) {
    throw ShapeError(
        fmt::format("{}: stride {} and padding {} were given, at least 1 and 0 were expected", op,
                    window.stride, window.padding));
  }
  if (x.rank() != 4 || w.rank() != 4 || x[1] != w[1]) {
    throw ShapeError(
        fmt::format("{}: images [b, c, h, w] and kernels [k, c, kh, kw] expected: "
                    "{} and {}",
                    op, to_string(x), to_string(w)));
  }
  return {x[0], w[0], steps(op, x[2], w[2], window), steps(op, x[3], w[3], window)};
}

void check_gradient(const char* op, const Tensor& g, const Shape& expected) {
  if (g.shape() != expected) {
    throw ShapeError(fmt::format("{}: a gradient of shape {} was expected, not {}", op,
                                 to_string(expected), to_string(g.shape())));
  }
}

void check_types(const char* op, const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype()) {
    throw ShapeError(
        fmt::format("{}: types differ: {} and {}", op, to_string(a.dtype()), to_string(b.dtype())));
  }
}

Attributes attributes(const Shape& shape, const Window& window) {
  return {.shape = shape, .stride = window.stride, .padding = window.padding};
}

}  // namespace

Tensor upsample(const Tensor& x, std::int64_t factor) {
  check_image("upsample", x, factor);
  return factor == 1 ? x : apply(Op::upsample, {x}, {.stride = factor});
}

Tensor sum_pool(const Tensor& x, std::int64_t factor) {
  check_image("sum_pool", x, factor);
  if (x.shape()[2] % factor != 0 || x.shape()[3] % factor != 0) {
    throw ShapeError(fmt::format("sum_pool: {} does not divide into blocks of {} x {}",
                                 to_string(x.shape()), factor, factor));
  }
  return factor == 1 ? x : apply(Op::sum_pool, {x}, {.stride = factor});
}

Tensor conv2d(const Tensor& x, const Tensor& w, const Window& window) {
  check_types("conv2d", x, w);
  const Shape shape = convolved("conv2d", x.shape(), w.shape(), window);
  return apply(Op::conv2d, {x, w}, attributes(shape, window));
}

Tensor conv2d_dx(const Tensor& g, const Tensor& w, const Shape& x, const Window& window) {
  check_types("conv2d_dx", g, w);
  check_gradient("conv2d_dx", g, convolved("conv2d_dx", x, w.shape(), window));
  return apply(Op::conv2d_dx, {g, w}, attributes(x, window));
}

Tensor conv2d_dw(const Tensor& x, const Tensor& g, const Shape& w, const Window& window) {
  check_types("conv2d_dw", x, g);
  check_gradient("conv2d_dw", g, convolved("conv2d_dw", x.shape(), w, window));
  return apply(Op::conv2d_dw, {x, g}, attributes(w, window));
}

}  // namespace noether::learn
