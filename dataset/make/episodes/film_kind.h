#pragma once

#include "dataset/make/kind.h"

namespace noether::dataset {

// Filmed trajectories of the systems of sim/. They are made as trajectories are, with `frames`.
Kind film_kind();

}  // namespace noether::dataset
