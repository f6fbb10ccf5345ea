#pragma once

// Tasks that share a symmetry which nobody tells the learner (Zhou, Knowles and Finn,
// "Meta-learning symmetries by reparameterization", ICLR 2021, section 5.1).

#include <cstdint>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// A task maps x in R^70 to y in R^68: y_i = sum_t f_i,t x_{i+t} over three taps t. The filter of
// site i is C_i B, with C [68, r] the same in all tasks and B [r, 3] ~ N(0, 1) of the task. With
// r = 1 all sites have one filter: the task is a convolution.
constexpr std::int64_t filter_inputs = 70, filter_sites = 68, filter_taps = 3;

// C, float64: 1 where r is 1, else rows softmax(N(0, 1)), a function of the seed. Throws UsageError
// unless r is positive.
learn::Tensor site_mixing(std::int64_t rank, std::uint64_t seed);

struct FilterTasks {
  learn::Tensor x = {}, y = {};  // [tasks, examples, 70] and [tasks, examples, 68], float32
  learn::Tensor filters = {};    // [tasks, 68, 3], the truth
};

// Tasks first, first + 1, ..., each a function of (seed, its index): B, then x ~ N(0, 1). y is
// exact.
FilterTasks filter_tasks(const learn::Tensor& mixing, std::uint64_t seed, std::int64_t first,
                         std::int64_t tasks, std::int64_t examples);

}  // namespace noether::bench
