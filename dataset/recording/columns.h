#pragma once

// Which columns of measured trajectories are coordinates.

#include <string>
#include <vector>

#include "dataset/recording/trials.h"

namespace noether::dataset {

// Keeps these coordinates, in this order. Throws UsageError for one that is not there.
void keep_coordinates(Trials& trials, const std::vector<std::string>& names);

// Coordinates that are constant along every trial become parameters of the trials, unless all are.
void take_parameters(Trials& trials);

}  // namespace noether::dataset
