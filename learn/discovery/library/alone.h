#pragma once

// Laws by themselves, each with the offsets that it alone asks for.

#include <vector>

#include "learn/discovery/library/null_space.h"

namespace noether::learn::symbolic {

// Those of the laws that hold alone, at offsets no larger than there are. Among others, which move
// the states too, a law's own offsets would be diluted.
//
// Terms that the data do not ask for are left out first, one after the other: each may make the rms
// sine ten times as large (1e-5 is always allowed), up to the tolerance, and offsets larger by what
// chance does. A law that is a function of the others is left out too.
//
// `given` are states as they are given, where the variance is the same in each coordinate.
std::vector<LinearLaw> laws_alone(std::vector<LinearLaw> laws, const Trajectories& given,
                                  double tolerance);

}  // namespace noether::learn::symbolic
