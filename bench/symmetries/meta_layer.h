#pragma once

// A linear layer whose weights are learned anew in every task, from a start and at a rate that all
// tasks share: MAML (Finn, Abbeel and Levine, ICML 2017), and MSR (Zhou, Knowles and Finn, ICLR
// 2021), which learns as well how weights are shared.

#include <cstdint>

#include "bench/symmetries/filter_tasks.h"
#include "learn/autodiff/params.h"
#include "learn/train/trainer.h"

namespace noether::bench {

// What of W [outputs, inputs] a task learns: v, with
enum class Sharing {
  full,         // W = v
  local,        // W within three taps a site, 3 x 68 numbers
  convolution,  // one filter for all sites, 3 numbers
  learned,      // vec W = U v, k numbers; U [outputs * inputs, k] is learned over all tasks
  kronecker     // vec W = (A x C) v, as many numbers as W; A [outputs, outputs] and C [inputs,
                // inputs] are learned over all tasks
};

struct MetaLayer {
  Sharing sharing = Sharing::learned;
  std::int64_t width = 3;  // k
  int inner_steps = 3;
  std::int64_t support = 1;  // examples that a task learns from; the others are its query
  std::int64_t outputs = filter_sites, inputs = filter_inputs;
  double rate = 0.1;  // of the inner steps, where its training begins
};

// "v" [1, numbers], "rate" and, as they are learned, "U", or "A" and "C". As published, U ~ N(0,
// .01^2) and v ~ N(0, (1 / outputs)^2) beside it, A and C are 1, and other v are uniform within 1 /
// sqrt(inputs of an output). float32 but for tests.
learn::Params initial_weights(const MetaLayer& layer, std::uint64_t seed, learn::DType dtype);

// v after the inner steps of SGD on the mean squared error of the support, [tasks, numbers].
learn::Tensor adapted(const MetaLayer& layer, const learn::Params& params,
                      const FilterTasks& tasks);

// The mean squared error of each task's query after that, [tasks].
learn::Tensor query_errors(const MetaLayer& layer, const learn::Params& params,
                           const FilterTasks& tasks);

// The mean query error of `batch` of the tasks, which are as Minibatches takes them.
learn::Objective meta_objective(const MetaLayer& layer, const FilterTasks& tasks,
                                std::int64_t batch);

}  // namespace noether::bench
