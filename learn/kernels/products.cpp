// Matrix products.

#include <algorithm>

#include "learn/kernels/flat.h"
#include "learn/kernels/gemm.h"
#include "learn/kernels/kernels.h"

namespace noether::learn::kernels {

// op(a) is [m, k], op(b) is [k, n]; out is [m, n]. Each has a leading batch axis or is the same for
// all of the batch; out has the axis if one of them has.
Tensor matmul(const Call& c) {
  const Shape &a = c[0].shape(), &b = c[1].shape();
  const bool ta = c.attributes.transpose_a, tb = c.attributes.transpose_b;
  const std::int64_t m = a[ta ? -1 : -2], k = a[ta ? -2 : -1], n = b[tb ? -2 : -1];
  const std::int64_t step_a = a.rank() == 3 ? m * k : 0, step_b = b.rank() == 3 ? k * n : 0;
  const Shape& batch = a.rank() == 3 ? a : b;
  const Shape shape = batch.rank() == 3 ? Shape{batch[0], m, n} : Shape{m, n};
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      const std::int64_t count = shape.rank() == 3 ? shape[0] : 1;
      for (std::int64_t i = 0; i < count; ++i) {
        gemm(ta, tb, m, n, k, c[0].data<T>().data() + i * step_a,
             c[1].data<T>().data() + i * step_b, T(0), out.data() + i * m * n);
      }
    });
  });
}

// x is [n, in], W is [out, in], b is [out]; out is [n, out]
Tensor linear(const Call& c) {
  const std::int64_t n = c[0].shape()[0], in = c[0].shape()[1], width = c[1].shape()[0];
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>({n, width}, [&](std::span<T> out) {
      const auto b = c[2].data<T>();
      for (std::int64_t i = 0; i < n; ++i) std::ranges::copy(b, out.begin() + i * width);
      gemm(false, true, n, width, in, c[0].data<T>().data(), c[1].data<T>().data(), T(1),
           out.data());
    });
  });
}

// a and b are [n, d]; out is [n, 1]
Tensor row_dot(const Call& c) {
  const std::int64_t n = c[0].shape()[0], d = c[0].shape()[1];
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>({n, 1}, [&](std::span<T> out) {
      const auto a = grid<T>(c[0], n, d), b = grid<T>(c[1], n, d);
      for (std::int64_t i = 0; i < n; ++i) {
        out[static_cast<std::size_t>(i)] = (a.row(i) * b.row(i)).sum();
      }
    });
  });
}

// x is [n, d], s is [n, 1]; out is [n, d]
Tensor scale_rows(const Call& c) {
  const std::int64_t n = c[0].shape()[0], d = c[0].shape()[1];
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>({n, d}, [&](std::span<T> out) {
      const auto s = c[1].data<T>();
      const auto x = grid<T>(c[0], n, d);
      auto y = grid(out, n, d);
      for (std::int64_t i = 0; i < n; ++i) y.row(i) = x.row(i) * s[static_cast<std::size_t>(i)];
    });
  });
}

}  // namespace noether::learn::kernels
