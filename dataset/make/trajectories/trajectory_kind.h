#pragma once

#include "dataset/make/kind.h"

namespace noether::dataset {

// Trajectories of the systems of sim/: a dataset for each.
Kind trajectory_kind();

// Trajectories that were measured and imported: files of the same form, which nothing can generate.
Kind recording_kind();

// The table of the states of a file, of trajectories or of films.
CsvTable table_of_states(const DatasetFile& file);

}  // namespace noether::dataset
