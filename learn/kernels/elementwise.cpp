// Elementwise kernels: out has the shape of every input. The bits of a value depend neither on the
// processor nor on its place in the tensor.

#include <algorithm>

#include "base/pack_sincos.h"
#include "learn/kernels/flat.h"
#include "learn/kernels/kernels.h"
#include "learn/kernels/square_root.h"

namespace noether::learn::kernels {

namespace {

// out = f(x)
template <class F>
Tensor unary(const Call& call, F f) {
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(call[0].shape(),
                            [&](std::span<T> out) { padded(out) = f(padded<T>(call[0])); });
  });
}

// out = f(a, b)
template <class F>
Tensor binary(const Call& call, F f) {
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(call[0].shape(), [&](std::span<T> out) {
      padded(out) = f(padded<T>(call[0]), padded<T>(call[1]));
    });
  });
}

// sine or cosine of doubles, for which Eigen has no vectors
Tensor by_packs(const Call& call, base::Pack base::SinCos::*which) {
  return Tensor::build<double>(call[0].shape(), [&](std::span<double> out) {
    std::span<const double> x = call[0].data<double>();
    std::array<double, base::pack_lanes> lanes{};
    while (!out.empty()) {
      const std::size_t n = std::min(out.size(), lanes.size());
      std::copy_n(x.begin(), n, lanes.begin());
      const auto values = base::lanes(base::sincos(base::load(lanes)).*which);
      std::copy_n(values.begin(), n, out.begin());
      x = x.subspan(n);
      out = out.subspan(n);
    }
  });
}

// the type of the values of an array expression
template <class X>
using ValueOf = typename std::decay_t<X>::Scalar;

}  // namespace

Tensor add(const Call& c) {
  return binary(c, [](auto a, auto b) { return a + b; });
}
Tensor sub(const Call& c) {
  return binary(c, [](auto a, auto b) { return a - b; });
}
Tensor mul(const Call& c) {
  return binary(c, [](auto a, auto b) { return a * b; });
}
Tensor div(const Call& c) {
  return binary(c, [](auto a, auto b) { return a / b; });
}

Tensor scale(const Call& c) {
  return unary(c,
               [&](auto x) { return x * static_cast<ValueOf<decltype(x)>>(c.attributes.value); });
}
Tensor shift(const Call& c) {
  return unary(c,
               [&](auto x) { return x + static_cast<ValueOf<decltype(x)>>(c.attributes.value); });
}

Tensor exp(const Call& c) {
  return unary(c, [](auto x) { return x.exp(); });
}
Tensor log(const Call& c) {
  return unary(c, [](auto x) { return x.log(); });
}
Tensor sin(const Call& c) {
  if (c[0].dtype() == DType::f64) return by_packs(c, &base::SinCos::sin);
  return unary(c, [](auto x) { return x.sin(); });
}
Tensor cos(const Call& c) {
  if (c[0].dtype() == DType::f64) return by_packs(c, &base::SinCos::cos);
  return unary(c, [](auto x) { return x.cos(); });
}

// Eigen 3.4 has a vectorised tanh for float alone. For double 1 - 2 / (exp(2x) + 1), with its
// vectorised exp, is off by less than 2e-16 of 1 everywhere.
Tensor tanh(const Call& c) {
  if (c[0].dtype() == DType::f32) {
    return Tensor::build<float>(
        c[0].shape(), [&](std::span<float> out) { padded(out) = padded<float>(c[0]).tanh(); });
  }
  return Tensor::build<double>(c[0].shape(), [&](std::span<double> out) {
    padded(out) = 1 - 2 / ((2 * padded<double>(c[0])).exp() + 1);
  });
}

// a (1 - y^2): what a cotangent becomes behind y = tanh(x)
Tensor tanh_slope(const Call& c) {
  return binary(c, [](auto a, auto y) { return a - a * y * y; });
}

Tensor sigmoid(const Call& c) {
  return unary(c, [](auto x) { return 1 / (1 + (-x).exp()); });
}
Tensor sqrt(const Call& c) {
  return unary(c, [](auto x) { return x.unaryExpr(SquareRoot{}); });
}
Tensor square(const Call& c) {
  return unary(c, [](auto x) { return x * x; });
}
// value a b c
Tensor triple(const Call& call) {
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(call[0].shape(), [&](std::span<T> out) {
      padded(out) = static_cast<T>(call.attributes.value) * padded<T>(call[0]) *
                    padded<T>(call[1]) * padded<T>(call[2]);
    });
  });
}
Tensor power(const Call& c) {
  return unary(
      c, [&](auto x) { return x.pow(static_cast<ValueOf<decltype(x)>>(c.attributes.value)); });
}
Tensor step(const Call& c) {
  return unary(c, [](auto x) {
    using T = ValueOf<decltype(x)>;
    return (x > T(0)).template cast<T>();
  });
}
namespace {

// a, or `slope` a where x is not positive. The factor is chosen, not the product: that one, in a
// branch, would not become vectors.
template <class T>
void choose(const T* a, const T* x, T slope, std::span<T> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const T factor = x[i] > T(0) ? T(1) : slope;
    out[i] = factor * a[i];
  }
}
Tensor leaky(const Call& c, const Tensor& a, const Tensor& x) {
  return with_dtype(x.dtype(), [&]<class T>(T) {
    return Tensor::build<T>(x.shape(), [&](std::span<T> out) {
      choose(a.data<T>().data(), x.data<T>().data(), static_cast<T>(c.attributes.value), out);
    });
  });
}

}  // namespace

Tensor leaky_relu(const Call& c) { return leaky(c, c[0], c[0]); }
Tensor leaky_slope(const Call& c) { return leaky(c, c[0], c[1]); }

}  // namespace noether::learn::kernels
