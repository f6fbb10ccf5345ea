#pragma once

// Fields that are learned from trajectories alone, without derivatives, by multiple shooting: a
// trajectory is cut into short segments, and each of them is predicted from its first point.

#include <cstdint>
#include <vector>

#include "learn/models/field.h"
#include "learn/train/trainer.h"

namespace noether::learn {

// What was observed: the points of one trajectory after those of another, and their times.
struct ObservedMotion {
  Tensor x = {};                                // [n, d]
  std::vector<std::vector<double>> times = {};  // of each trajectory, growing
};

// The median time between neighbouring points. Throws DataError where no trajectory has two.
double usual_step(const ObservedMotion& motion);

// The differences of neighbouring points over the time between them, [m, d]: what tells the spread
// of dx/dt where no derivative is known.
Tensor differences(const ObservedMotion& motion);

// Where segments of so many points begin, as rows of x: every point with enough of its own
// trajectory behind it. A segment with a step of more than ten usual ones is left out. Throws
// DataError where none is left.
std::vector<std::int64_t> segment_starts(const ObservedMotion& motion, std::int64_t points);

struct SegmentOptions {
  std::int64_t points = 5;          // of a segment, the first included
  std::int64_t batch = 50;          // segments of a step, as Minibatches chooses; 0: all
  std::vector<double> spread = {};  // what errors of each coordinate are divided by; empty: 1
  int jobs = 1;                     // threads of a gradient, 0: one per processor
};

// The name of a weight [n, d], in the shape of x: where the params have it, segments begin at
// x + starts. It is learned with the field, and the errors at the first points count too. For noisy
// observations.
inline constexpr const char* starts_weight = "starts";

// The mean of ((prediction - x) / spread)^2 over segments, their points and coordinates.
// Predictions are those of classical Runge-Kutta in steps no longer than the usual one. The value
// alone is that of all segments.
Objective segment_objective(const Field& field, const ObservedMotion& motion,
                            const SegmentOptions& options = {});

}  // namespace noether::learn
