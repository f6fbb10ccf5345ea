#pragma once

#include "learn/tensor/tensor.h"

namespace noether::learn {

// The mean -log p of points [n, d] under the normal density that has the mean and the covariance of
// `known` [m, d]; float64. It is infinite where these lie in a plane of fewer dimensions, as far as
// rounding tells.
double nats_of_normal(const Tensor& known, const Tensor& points);

}  // namespace noether::learn
