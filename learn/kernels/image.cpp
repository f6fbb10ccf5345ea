// Kernels that change the resolution of images by a whole factor.

#include <algorithm>

#include "learn/kernels/kernels.h"

namespace noether::learn::kernels {

// x is [b, c, h, w]; out is [b, c, h f, w f], every pixel f x f times
Tensor upsample(const Call& c) {
  const Shape& from = c[0].shape();
  const std::int64_t f = c.attributes.stride, rows = from[0] * from[1] * from[2], w = from[3];
  const Shape shape{from[0], from[1], from[2] * f, w * f};
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      const T* x = c[0].data<T>().data();
      for (std::int64_t row = 0; row < rows; ++row) {
        // widen one row, then repeat it
        T* first = out.data() + row * f * w * f;
        for (std::int64_t i = 0; i < w; ++i) std::fill_n(first + i * f, f, x[row * w + i]);
        for (std::int64_t i = 1; i < f; ++i) std::copy_n(first, w * f, first + i * w * f);
      }
    });
  });
}

// x is [b, c, h f, w f]; out is [b, c, h, w], the sums of blocks of f x f
Tensor sum_pool(const Call& c) {
  const Shape& from = c[0].shape();
  const std::int64_t f = c.attributes.stride, w = from[3] / f;
  const Shape shape{from[0], from[1], from[2] / f, w};
  const std::int64_t rows = from[0] * from[1] * from[2];
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      std::ranges::fill(out, T(0));
      const T* x = c[0].data<T>().data();
      for (std::int64_t row = 0; row < rows; ++row) {
        T* sums = out.data() + row / f * w;
        for (std::int64_t i = 0; i < w; ++i) {
          for (std::int64_t j = 0; j < f; ++j) sums[i] += *x++;
        }
      }
    });
  });
}

}  // namespace noether::learn::kernels
