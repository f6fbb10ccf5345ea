#pragma once

// A linear layer whose weights are learned anew in every task, from a start and at a rate that all
// tasks share: MAML (Finn, Abbeel and Levine, ICML 2017), and MSR (Zhou, Knowles and Finn, ICLR
// 2021), which learns as well how weights are shared.

#include <cstdint>

#include "bench/symmetries/filter_tasks.h"
#include "learn/autodiff/params.h"
#include "learn/train/trainer.h"

namespace noether::bench {

// What of W [68, 70] a task learns: v, with
enum class Sharing {
  full,         // W = v, 68 x 70 numbers
  local,        // W within three taps a site, 3 x 68 numbers
  convolution,  // one filter for all sites, 3 numbers
  learned       // vec W = U v, k numbers; U [68 * 70, k] is learned over all tasks
};

struct MetaLayer {
  Sharing sharing = Sharing::learned;
  std::int64_t width = 3;  // k
  int inner_steps = 3;
  std::int64_t support = 1;  // examples that a task learns from; the others are its query
};

// "v" [1, numbers], "rate" (.1) and, where sharing is learned, "U". U ~ N(0, .01^2) and v ~
// N(0, (1 / 68)^2) there, as published; other v uniform within 1 / sqrt(inputs of an output).
// float32 but for tests.
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

// W of a task, [68, 70] float64.
learn::Tensor true_weights(const FilterTasks& tasks, std::int64_t task);

// Of U: the share of its squares within the three taps of each site, and the share of the true
// span that its own span holds (both 1 at best). The true span is that of all tasks with `mixing`.
struct SharingQuality {
  double band = 0;
  double span = 0;
};
SharingQuality sharing_quality(const learn::Tensor& U, const learn::Tensor& mixing);

// How alike sites are under a span of W, given by columns [68 * 70, k]: with P the projector onto
// the span, S_ij = sum over taps of P at (i, tap), (j, tap); [68, 68] float64. It does not depend
// on which columns were chosen.
learn::Tensor site_likeness(const learn::Tensor& columns);
// The columns that span all tasks with `mixing`: [68 * 70, 3 r] float64.
learn::Tensor true_columns(const learn::Tensor& mixing);

}  // namespace noether::bench
