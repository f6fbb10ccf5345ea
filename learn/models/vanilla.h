#pragma once

// A tanh network gives dx/dt. Two models have it, and differ in what they learn from.

#include "learn/models/model.h"

namespace noether::learn {

// f(x) = mlp(x)
Field mlp_field(const Mlp& mlp);

// "mlp", the vanilla model: from derivatives.
ModelKind vanilla_kind();

// "node", the neural ODE (Chen et al. 2018): from trajectories alone. No derivative is known to it
// (learn/train/segments.h).
ModelKind node_kind();

}  // namespace noether::learn
