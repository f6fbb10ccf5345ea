#pragma once

// The tables `damped-pendulum` and `real-pendulum`: one record of a pendulum with friction, learned
// from central differences and run by Runge-Kutta, and from forward differences and run as an Euler
// map.

#include "bench/tables/tables.h"

namespace noether::bench {

Experiment damped_table();  // generated
Experiment real_table();    // the file of its user

}  // namespace noether::bench
