#pragma once

// What the model file of a video predictor holds beside the model and its weights.

#include <cstdint>
#include <optional>

#include "bench/data/frame_view.h"

namespace noether::bench {

// Polyak steps on gamma and beta of every sequence, on energy minus work
// (learn/noether/work_quantity.h).
struct WorkTailoring {
  double share = 0.3;  // of a whole step
  std::int64_t steps = 1;
};

struct VideoSetup {
  FrameView view = {};       // of the stored frames
  std::int64_t frames = 30;  // of a clip: the history and those that are predicted
  // inside training: the model is meta-tailored, and g is among its weights
  std::optional<WorkTailoring> tailoring = {};
};

}  // namespace noether::bench
