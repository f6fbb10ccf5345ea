#pragma once

// Neural ODE (Chen et al. 2018): a tanh network gives dx/dt = f(x), and learns from trajectories
// alone. No derivative is known to it (learn/train/segments.h).

#include "learn/models/model.h"

namespace noether::learn {

ModelKind node_kind();

}  // namespace noether::learn
