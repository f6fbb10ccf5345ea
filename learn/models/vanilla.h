#pragma once

// The vanilla model: a tanh network gives dx/dt.

#include "learn/models/model.h"

namespace noether::learn {

// f(x) = mlp(x)
Field mlp_field(const Mlp& mlp);

ModelKind vanilla_kind();  // "mlp"

}  // namespace noether::learn
