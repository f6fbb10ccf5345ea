// Rows brought to mean zero and variance one. The bits of a row depend on its values alone: sums
// run in sixteen parts, whatever the vectors of the processor and wherever the row lies.

#include <array>
#include <cmath>

#include "learn/kernels/kernels.h"

namespace noether::learn::kernels {

namespace {

// the mean of value(i) for 0 <= i < n
template <class T, class Value>
T mean_of(std::int64_t n, Value value) {
  constexpr std::int64_t parts = 16;
  std::array<T, parts> sums{};
  std::int64_t i = 0;
  for (; i + parts <= n; i += parts)
    for (std::int64_t k = 0; k < parts; ++k) sums[static_cast<std::size_t>(k)] += value(i + k);
  for (std::size_t k = 0; i < n; ++i, ++k) sums[k] += value(i);
  for (std::size_t half = parts / 2; half > 0; half /= 2)
    for (std::size_t k = 0; k < half; ++k) sums[k] += sums[k + half];
  return sums[0] / static_cast<T>(n);
}

// of a row of x
template <class T>
struct Moments {
  T mean;
  T r;  // 1 / sqrt(variance + epsilon)
};
template <class T>
Moments<T> moments(const T* x, std::int64_t d, double epsilon) {
  const T mean = mean_of<T>(d, [&](std::int64_t i) { return x[i]; });
  const T variance = mean_of<T>(d, [&](std::int64_t i) { return (x[i] - mean) * (x[i] - mean); });
  return {mean, 1 / std::sqrt(variance + static_cast<T>(epsilon))};
}

}  // namespace

// x is [n, d]; out is [n, d]
Tensor standardize(const Call& c) {
  const std::int64_t n = c[0].shape()[0], d = c[0].shape()[1];
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>({n, d}, [&](std::span<T> out) {
      for (std::int64_t row = 0; row < n; ++row) {
        const T* const x = c[0].data<T>().data() + row * d;
        T* const y = out.data() + row * d;
        const auto [mean, r] = moments(x, d, c.attributes.value);
        for (std::int64_t i = 0; i < d; ++i) y[i] = (x[i] - mean) * r;
      }
    });
  });
}

// t and x are [n, d]; out is [n, d], r (t - mean t - y mean(t y)) with y = standardize(x)
Tensor standardize_slope(const Call& c) {
  const std::int64_t n = c[0].shape()[0], d = c[0].shape()[1];
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>({n, d}, [&](std::span<T> out) {
      for (std::int64_t row = 0; row < n; ++row) {
        const T *const t = c[0].data<T>().data() + row * d, *const x =
                                                                c[1].data<T>().data() + row * d;
        T* const to = out.data() + row * d;
        const auto [mean, r] = moments(x, d, c.attributes.value);
        const T mean_t = mean_of<T>(d, [&](std::int64_t i) { return t[i]; });
        const T along =
            r * mean_of<T>(d, [&, m = mean](std::int64_t i) { return t[i] * (x[i] - m); });
        const T slope = r * r * along;
        for (std::int64_t i = 0; i < d; ++i) to[i] = r * (t[i] - mean_t) - slope * (x[i] - mean);
      }
    });
  });
}

}  // namespace noether::learn::kernels
