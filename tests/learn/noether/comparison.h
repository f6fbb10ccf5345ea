#pragma once

// How far apart two results are, and the slope of a function from its values.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "learn/autodiff/tree.h"

namespace noether::test {

// The largest difference between two values of the same form: relative to the largest value of b in
// the same leaf, or absolute where all of those are below one. Infinite where shapes differ or a
// value is not finite.
template <learn::Tree X>
double difference(const X& a, const X& b) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const learn::Tensors as = learn::leaves(a), bs = learn::leaves(b);
  if (as.size() != bs.size() || as.empty()) return infinity;
  double worst = 0;
  for (std::size_t leaf = 0; leaf < as.size(); ++leaf) {
    if (as[leaf].shape() != bs[leaf].shape()) return infinity;
    const auto x = as[leaf].to_vector(), y = bs[leaf].to_vector();
    double size = 1, off = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!std::isfinite(x[i]) || !std::isfinite(y[i])) return infinity;
      size = std::max(size, std::abs(y[i]));
      off = std::max(off, std::abs(x[i] - y[i]));
    }
    worst = std::max(worst, off / size);
  }
  return worst;
}

// The largest absolute value.
template <learn::Tree X>
double size_of(const X& x) {
  double size = 0;
  for (const learn::Tensor& leaf : learn::leaves(x)) {
    for (const double value : leaf.to_vector()) size = std::max(size, std::abs(value));
  }
  return size;
}

template <learn::Tree X>
bool is_finite(const X& x) {
  for (const learn::Tensor& leaf : learn::leaves(x)) {
    for (const double value : leaf.to_vector()) {
      if (!std::isfinite(value)) return false;
    }
  }
  return true;
}

// f'(0) from four values, exact to step^4. With the default step f'(0) of functions of order one is
// off by 1e-13 of rounding, 2^-53 / step, and some 1e-12 of truncation, step^4 f^(5) / 30.
inline double slope(const std::function<double(double)>& f, double step = 1e-3) {
  return (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step);
}

}  // namespace noether::test
