#pragma once

// Normalisation with a scale and a shift for every sample: the weights that a convolutional model
// lets tailoring move (CNGrad, Alet et al. 2021, section 4.3).

#include <functional>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/noether/inner_step.h"

namespace noether::learn {

// gamma (x - mean) / sqrt(variance + 1e-5) + beta for x [b, c, h, w], with mean and variance over
// h, w and the channels of one group (Wu and He 2018), and gamma, beta [b, c].
Tensor conditional_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                        std::int64_t groups);

// gamma = 1 and beta = 0 for b samples: "gamma1", "beta1", ... with shapes [b, channels[i]]. Every
// query starts from here.
Params initial_norms(std::int64_t b, const std::vector<std::int64_t>& channels, DType dtype);

}  // namespace noether::learn
