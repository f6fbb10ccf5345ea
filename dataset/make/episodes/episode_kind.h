#pragma once

#include "dataset/make/kind.h"

namespace noether::dataset {

// Filmed episodes of Gymnasium's pendulum.
Kind episode_kind();

}  // namespace noether::dataset
