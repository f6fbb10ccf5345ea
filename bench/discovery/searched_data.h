#pragma once

// What of a task is searched for laws.

#include <string>
#include <vector>

#include "bench/data/task.h"
#include "learn/discovery/trajectories.h"

namespace noether::bench {

// The train split; throws DataError where there is none.
learn::symbolic::Trajectories trajectories_of(const Task& task);

// Coordinates that nothing moves become parameters of the trajectories, where their values are
// known. Returns their names.
std::vector<std::string> without_still(Task& task);

// What is known of each trajectory, as further coordinates that never change. The offsets of noisy
// states have no place for it.
Task with_parameters(Task task, learn::symbolic::Trajectories& data);

}  // namespace noether::bench
