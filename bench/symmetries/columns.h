#pragma once

// Spans of columns, in float64. None of these depends on which columns of a span were chosen.

#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

using Columns = std::vector<std::vector<double>>;

double dot(const std::vector<double>& a, const std::vector<double>& b);
Columns columns_of(const learn::Tensor& matrix);

// Gram and Schmidt, twice, which leaves rounding errors alone. Columns are independent.
Columns orthonormal(Columns columns);

// The share of the span of `truth` that the span of `columns` holds: the mean squared cosine.
double held_share(const learn::Tensor& columns, const learn::Tensor& truth);

// The projector onto the span of columns [n, k]: [n, n].
learn::Tensor projector(const learn::Tensor& columns);

}  // namespace noether::bench
