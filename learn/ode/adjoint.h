#pragma once

// The gradient of a solution by the adjoint equation (Pontryagin et al. 1962; Chen et al. 2018).

#include "learn/ode/solve.h"

namespace noether::learn {

// With a(t) = dL/dh(t), going back from the last time,
//     da/dt = -a df/dh,    dg/dt = -a df/dtheta,    dL/dtheta = g(first time).
// h is integrated back beside them. At every time that was asked for it is reset to the value that
// was found going forward, and a is increased by the cotangent of that value. The values are those
// of `solve`; what is kept is the state at these times alone. solver.gradient is of no concern.
std::vector<Tensors> solve_by_adjoint(const Dynamics& f, const Params& params, const Tensors& h0,
                                      std::span<const double> times, const OdeSolver& solver);

}  // namespace noether::learn
