#pragma once

// Densities that a flow carries along (continuous normalising flows: Chen et al. 2018).

#include "learn/ode/dynamics.h"

namespace noether::learn {

// Of dynamics f of one state z [n, d] whose rows are independent: those of (z, l), l [n, 1], with
//     dz/dt = f(t, z),    dl/dt = -tr(df/dz).
// Along a solution log p(z(t)) - l(t) does not change. The trace is exact, by one backward pass
// through f for each of the d coordinates.
Dynamics with_log_density(const Dynamics& f);

}  // namespace noether::learn
