#pragma once

// What a model is to predict.

#include <string>
#include <vector>

#include "bench/data/part.h"
#include "bench/data/task.h"
#include "sim/system.h"

namespace noether::bench {

// Sets horizons, starts and truth of a task, and times where dt is 0. Throws as load_task.
void add_truth(const dataset::DatasetFile& file, const Part& test, std::vector<double> horizons,
               Task& task);

// Sets own_times, from 0 on, and usual_step, where dt is 0; returns the last time. Throws DataError
// where no trajectory has two points.
double add_own_times(const dataset::DatasetFile& file, const Part& part, Task& task);

}  // namespace noether::bench
