#pragma once

// What a layer learned of how the weights of a task of filters are shared, and the truth.

#include "bench/symmetries/filter_tasks.h"

namespace noether::bench {

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
