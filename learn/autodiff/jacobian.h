#pragma once

#include <functional>

#include "learn/tensor/tensor.h"

namespace noether::learn {

// d f_i / d x_j, shape [f's extents..., x's extents...] (at most five in all), one row at a time in
// reverse mode.
Tensor jacobian(const std::function<Tensor(const Tensor&)>& f, const Tensor& x);

}  // namespace noether::learn
