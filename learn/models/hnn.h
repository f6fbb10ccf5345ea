#pragma once

// Hamiltonian neural network (Greydanus et al. 2019): a tanh network gives H(q, p).

#include "learn/models/model.h"

namespace noether::learn {

// f = J grad H with H = mlp of one output and x = (q, p), so dq/dt = dH/dp and dp/dt = -dH/dq.
Field hamiltonian_field(const Mlp& mlp);

ModelKind hnn_kind();

}  // namespace noether::learn
