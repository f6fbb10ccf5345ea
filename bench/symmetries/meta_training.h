#pragma once

#include <cstdint>

#include "bench/symmetries/meta_layer.h"
#include "bench/table/experiment.h"

namespace noether::bench {

// A layer that was trained over tasks.
struct MetaModel {
  MetaLayer layer = {};
  learn::Params params = {};
  double seconds = 0;
};

// By Adam, 1e-3, on 32 tasks a step, gradients shortened to 10; from the weights of the seed, in
// float32.
MetaModel meta_trained(const MetaLayer& layer, const FilterTasks& tasks, std::int64_t steps,
                       std::uint64_t seed, const ReportStep& report);

}  // namespace noether::bench
