#pragma once

// A dataset as what the renderer draws.

#include <cstdint>
#include <vector>

#include "dataset/store/dataset_file.h"
#include "render/films/film_strip.h"
#include "render/plots/trajectory_figure.h"

namespace noether::dataset {

// The figure of a trajectory file, of its first `most` trajectories.
render::TrajectoryFigure trajectory_figure(const DatasetFile& file, std::int64_t most = 200);

// Episode `index`; throws UsageError where there is none.
render::Episode episode(const DatasetFile& file, std::int64_t index);

// The same of a film that nothing drives.
render::FilmedMotion filmed_motion(const DatasetFile& file, std::int64_t index);

// Frame after frame of row `index` of the pixels; grey is shown as grey.
std::vector<render::Image> frames_of(const DatasetFile& file, std::int64_t index);

}  // namespace noether::dataset
