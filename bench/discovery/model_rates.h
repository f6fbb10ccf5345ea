#pragma once

// Laws that a learned model has: sought in its field, in place of measured derivatives.

#include "bench/data/task.h"
#include "bench/model/checkpoint.h"

namespace noether::bench {

// The task, float64, with dx/dt of the train split as the model gives it at the same points. Its
// relative error is estimated by single steps: each point is predicted from the one before it, and
// what the prediction is off by, over the time between them, is an error of the field. Throws
// DataError where the model has other coordinates.
Task with_rates_of(const Checkpoint& model, const std::filesystem::path& path, Task task);

}  // namespace noether::bench
