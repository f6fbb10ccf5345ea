// Elementwise kernels with an operand that is stretched: it is read in place, not written out.

#include "learn/kernels/kernels.h"
#include "learn/kernels/stretch.h"

namespace noether::learn::kernels {

namespace {

// whole is [outer, middle, inner], small is [middle]; out is f(whole, small)
template <class T, class F>
void combine(const Stretch& by, const T* whole, const T* small, T* out, F f) {
  for (std::int64_t o = 0; o < by.outer; ++o) {
    if (by.inner == 1) {
      for (std::int64_t m = 0; m < by.middle; ++m) out[m] = f(whole[m], small[m]);
      whole += by.middle, out += by.middle;
      continue;
    }
    for (std::int64_t m = 0; m < by.middle; ++m, whole += by.inner, out += by.inner) {
      for (std::int64_t i = 0; i < by.inner; ++i) out[i] = f(whole[i], small[m]);
    }
  }
}

Tensor written_out(const Tensor& x, const Shape& shape) {
  const Attributes attributes{.shape = shape};
  return x.shape() == shape ? x : broadcast_to({Op::broadcast_to, attributes, {&x, 1}, {}});
}

// f(a, b), where `equal` computes it for operands of equal shapes
template <class F>
Tensor broadcasting(const Call& c, Kernel equal, F f) {
  if (c[0].shape() == c[1].shape()) return equal(c);
  const Shape shape = broadcast(c[0].shape(), c[1].shape(), "elementwise");
  // one of them has all values, or is given them
  const bool first_is_whole = c[0].shape() == shape || c[1].shape() != shape;
  const Tensor whole = written_out(c[first_is_whole ? 0 : 1], shape);
  const Tensor& small = c[first_is_whole ? 1 : 0];
  const auto by = stretch(small.shape(), shape);
  if (!by) {
    const Tensor other = written_out(small, shape);
    const Tensors both = first_is_whole ? Tensors{whole, other} : Tensors{other, whole};
    return equal({c.op, c.attributes, both, {}});
  }
  return with_dtype(whole.dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      const T *x = whole.data<T>().data(), *y = small.data<T>().data();
      if (first_is_whole) {
        combine(*by, x, y, out.data(), f);
      } else {
        combine(*by, x, y, out.data(), [f](T a, T b) { return f(b, a); });
      }
    });
  });
}

}  // namespace

Tensor broadcast_add(const Call& c) {
  return broadcasting(c, add, [](auto a, auto b) { return a + b; });
}
Tensor broadcast_sub(const Call& c) {
  return broadcasting(c, sub, [](auto a, auto b) { return a - b; });
}
Tensor broadcast_mul(const Call& c) {
  return broadcasting(c, mul, [](auto a, auto b) { return a * b; });
}
Tensor broadcast_div(const Call& c) {
  return broadcasting(c, div, [](auto a, auto b) { return a / b; });
}

}  // namespace noether::learn::kernels
