#pragma once

// Small systems of equations, one a query, solved by differentiable operations.

#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::learn {

// The cotangent [n, m] that pulls residual j back alone: ones in column j.
Tensor unit_seed(const Tensor& residuals, std::int64_t j);

// lambda [n, m] of (A + epsilon (I + diag A)) lambda = r, for each of n queries. gram[i][j], j <=
// i, is A_ij as [n, 1]; A is symmetric and has no negative eigenvalue. The term with epsilon does
// what it does for one residual, |grad r|^2 + epsilon, and keeps the elimination from dividing by
// rounding where the rows of a Jacobian are parallel (Marquardt 1963). It is the same for residuals
// in other units.
Tensor multipliers(const std::vector<Tensors>& gram, const Tensor& residuals, double epsilon);

// sum_j lambda_j v_j, v_j [n, d] and lambda [n, m].
Tensor combination(const Tensors& v, const Tensor& lambda);

}  // namespace noether::learn
