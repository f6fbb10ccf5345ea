// Convolutions as matrix products: the patches under the kernel become the columns of a matrix, one
// image at a time.

#include <algorithm>

#include "learn/kernels/gemm.h"
#include "learn/kernels/kernels.h"
#include "learn/tensor/buffer.h"

namespace noether::learn::kernels {

namespace {

// One convolution: x [b, c, h, w] with kernels [k, c, kh, kw] gives [b, k, oh, ow].
struct Geometry {
  std::int64_t b, c, h, w, k, kh, kw, oh, ow, stride, padding;

  std::int64_t image() const { return c * h * w; }     // values of an image
  std::int64_t patch() const { return c * kh * kw; }   // values under the kernel
  std::int64_t places() const { return oh * ow; }      // of the kernel on an image
  std::int64_t result() const { return k * oh * ow; }  // values of an image of the result
  std::int64_t columns() const { return c * kh * kw * oh * ow; }
};

Geometry geometry(const Shape& x, const Shape& w, const Shape& g, const Attributes& attributes) {
  return {
      x[0], x[1], x[2], x[3], w[0], w[2], w[3], g[2], g[3], attributes.stride, attributes.padding};
}

// One row of an image as one place of the kernel sees it, the kernel moving along that row.
struct Run {
  std::int64_t column;       // offset in the columns for ox = 0
  std::int64_t pixel;        // offset in the image for ox = 0, which may lie in the padding
  std::int64_t first, last;  // the ox that see the image; the others see padding
};

// visit(run) for all runs, in the order of the columns [c, kh, kw, oh, ow]
template <class Visit>
void for_each_run(const Geometry& of, Visit visit) {
  std::int64_t column = 0;
  for (std::int64_t c = 0; c < of.c; ++c)
    for (std::int64_t i = 0; i < of.kh; ++i)
      for (std::int64_t j = 0; j < of.kw; ++j) {
        // 0 <= ox stride + shift < w
        const std::int64_t shift = j - of.padding;
        const std::int64_t before = std::max<std::int64_t>(0, -shift + of.stride - 1) / of.stride;
        const std::int64_t end =
            std::max<std::int64_t>(0, of.w - shift + of.stride - 1) / of.stride;
        const std::int64_t first = std::min(before, of.ow), last = std::clamp(end, first, of.ow);
        for (std::int64_t oy = 0; oy < of.oh; ++oy, column += of.ow) {
          const std::int64_t y = oy * of.stride + i - of.padding;
          const bool inside = 0 <= y && y < of.h;
          visit(Run{column, (c * of.h + y) * of.w + shift, first, inside ? last : first});
        }
      }
}

// image is [c, h, w]; columns is [c kh kw, oh ow], zero where the kernel sees padding
template <class T>
void to_columns(const Geometry& of, const T* image, T* columns) {
  for_each_run(of, [&](const Run& run) {
    T* column = columns + run.column;
    std::fill_n(column, run.first, T(0));
    for (std::int64_t ox = run.first; ox < run.last; ++ox) {
      column[ox] = image[run.pixel + ox * of.stride];
    }
    std::fill(column + run.last, column + of.ow, T(0));
  });
}

// the adjoint: adds columns [c kh kw, oh ow] into image [c, h, w]
template <class T>
void add_columns(const Geometry& of, const T* columns, T* image) {
  for_each_run(of, [&](const Run& run) {
    for (std::int64_t ox = run.first; ox < run.last; ++ox) {
      image[run.pixel + ox * of.stride] += columns[run.column + ox];
    }
  });
}

// The columns of one image, used for one after the other.
template <class T>
class Columns {
 public:
  explicit Columns(const Geometry& of)
      : buffer_(static_cast<std::size_t>(of.columns()) * sizeof(T)) {}
  T* data() { return reinterpret_cast<T*>(buffer_.data()); }

 private:
  Buffer buffer_;
};

}  // namespace

// x is [b, c, h, w], w is [k, c, kh, kw]; out is [b, k, oh, ow]
Tensor conv2d(const Call& call) {
  const Shape& shape = call.attributes.shape;
  const Geometry of = geometry(call[0].shape(), call[1].shape(), shape, call.attributes);
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      Columns<T> columns(of);
      const T *x = call[0].data<T>().data(), *w = call[1].data<T>().data();
      for (std::int64_t n = 0; n < of.b; ++n) {
        // [k, oh ow] = [k, c kh kw] [c kh kw, oh ow]
        to_columns(of, x + n * of.image(), columns.data());
        gemm(false, false, of.k, of.places(), of.patch(), w, columns.data(), T(0),
             out.data() + n * of.result());
      }
    });
  });
}

// g is [b, k, oh, ow], w is [k, c, kh, kw]; out is [b, c, h, w]
Tensor conv2d_dx(const Call& call) {
  const Shape& shape = call.attributes.shape;
  const Geometry of = geometry(shape, call[1].shape(), call[0].shape(), call.attributes);
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      Columns<T> columns(of);
      std::ranges::fill(out, T(0));
      const T *g = call[0].data<T>().data(), *w = call[1].data<T>().data();
      for (std::int64_t n = 0; n < of.b; ++n) {
        // [c kh kw, oh ow] = [k, c kh kw]^T [k, oh ow]
        gemm(true, false, of.patch(), of.places(), of.k, w, g + n * of.result(), T(0),
             columns.data());
        add_columns(of, columns.data(), out.data() + n * of.image());
      }
    });
  });
}

// x is [b, c, h, w], g is [b, k, oh, ow]; out is [k, c, kh, kw], summed over images
Tensor conv2d_dw(const Call& call) {
  const Shape& shape = call.attributes.shape;
  const Geometry of = geometry(call[0].shape(), shape, call[1].shape(), call.attributes);
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      Columns<T> columns(of);
      std::ranges::fill(out, T(0));
      const T *x = call[0].data<T>().data(), *g = call[1].data<T>().data();
      for (std::int64_t n = 0; n < of.b; ++n) {
        // [k, c kh kw] += [k, oh ow] [c kh kw, oh ow]^T
        to_columns(of, x + n * of.image(), columns.data());
        gemm(false, true, of.k, of.patch(), of.places(), g + n * of.result(), columns.data(), T(1),
             out.data());
      }
    });
  });
}

}  // namespace noether::learn::kernels
