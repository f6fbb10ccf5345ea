#pragma once

// A perceptron with a scale and a shift of every query's own on each hidden layer: what tailoring
// moves where a query is to have few weights (CN, Perez et al. 2018; CNGrad, Alet et al. 2021).

#include "learn/nn/mlp.h"

namespace noether::learn {

// The values [n, out] of x [n, in], where hidden layer l is tanh(gamma_l (W_l h + b_l) + beta_l).
// `own` holds gamma1, beta1, ..., [n, width] each, or [1, width] where all queries share them.
Tensor conditional_mlp(const Mlp& mlp, const Params& params, const Params& own, const Tensor& x);

// gamma = 1 and beta = 0 for n queries: the perceptron itself.
Params initial_own(const Mlp& mlp, std::int64_t n, DType dtype);

}  // namespace noether::learn
