#pragma once

// Normalisation with a scale and a shift for every sample. In a convolutional model these are the
// weights that tailoring moves (CNGrad, Alet et al. 2021, section 4.3).

#include <functional>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/noether/inner_step.h"

namespace noether::learn {

// gamma (x - mean) / sqrt(variance + 1e-5) + beta for x [b, c, h, w]. Mean and variance are those
// over h, w and the channels of one group (Wu and He 2018). gamma and beta are [b, c].
Tensor conditional_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                        std::int64_t groups);

// gamma = 1 and beta = 0 for b samples: "gamma1", "beta1", ... with shapes [b, channels[i]]. Every
// query starts from here.
Params initial_norms(std::int64_t b, const std::vector<std::int64_t>& channels, DType dtype);

}  // namespace noether::learn
