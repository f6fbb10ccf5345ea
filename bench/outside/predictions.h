#pragma once

// What a model outside this program predicts of a task (outside_task.h): a plain HDF5 file with
//
//     prediction  (m, H, D)  float32 or float64: the states at test/time, the start first; after
//                            the end of a trajectory anything
//     attribute of the root: task, copied from the task

#include <filesystem>
#include <string>

#include "bench/data/task.h"

namespace noether::bench {

// The states, one float64 tensor [m, D] a time; more times than the task has are left out. `task`
// has that fingerprint. Throws DataError where the file is none, is of another task, is of another
// shape or ends too early, does not begin at the starts, or holds a number that is not finite.
learn::Tensors read_predictions(const std::filesystem::path& path, const Task& task,
                                const std::string& fingerprint);

}  // namespace noether::bench
