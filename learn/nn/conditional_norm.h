#pragma once

// Normalisation with a scale and a shift for every sample. In a convolutional model these are the
// weights that tailoring moves (CNGrad, Alet et al. 2021, section 4.3).

#include <string>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/nn/layers.h"

namespace noether::learn {

// gamma (x - mean) / sqrt(variance + 1e-5) + beta for x [b, c, h, w]. Mean and variance are those
// over h, w and the channels of one group (Wu and He 2018). gamma and beta are [b, c].
Tensor conditional_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                        std::int64_t groups);

// gamma = 1 and beta = 0 for b samples: "gamma1", "beta1", ... with shapes [b, channels[i]]. Every
// query starts from here.
Params initial_norms(std::int64_t b, const std::vector<std::int64_t>& channels, DType dtype);

// Group norm of one group with the scale S and the shift s of every channel that are trained, and
// then gamma and beta of every sample: gamma (S n + s) + beta, of which n is x normalised. That is
// conditional_norm with gamma S and gamma s + beta.
struct NormLayer {
  int number = 1;  // S and s are the weights "norm1.scale" and "norm1.shift", own "gamma1", "beta1"
  std::int64_t channels = 0;

  void add_to(InitialWeights& weights) const;  // 1 and 0

  // gamma S and gamma s + beta, [b, channels]: the same at all times of a rollout.
  struct Joined {
    Tensor scale, shift;
  };
  Joined join(const Params& params, const Params& own) const;
};

// The norm of x, [b, channels, h, w] or [b, channels].
Tensor normalize(const Tensor& x, const NormLayer::Joined& norm);

}  // namespace noether::learn
