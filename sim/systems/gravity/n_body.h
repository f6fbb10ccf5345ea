#pragma once

// Bodies under gravity in a plane (gravity.h) on a ring: at even angles, at slightly different
// distances from its centre, with nearly the speed that keeps them there.
//
// three-body: three bodies of mass 1, as in Greydanus, Dzamba and Yosinski, "Hamiltonian neural
// networks", NeurIPS 2019, but for the ranges of the starts. The ring falls apart.
//
// n-body-N: a star of mass 1 in the centre, and N - 1 moons, so light that they stay (Maxwell, "On
// the stability of the motion of Saturn's rings", 1859).

#include "sim/system.h"

namespace noether::sim {

inline constexpr int least_bodies = 2, most_bodies = 32;

System three_body();

// "n-body-8". Throws UsageError for too few or too many.
System n_body(int bodies);

}  // namespace noether::sim
