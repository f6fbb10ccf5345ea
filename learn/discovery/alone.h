#pragma once

// Laws by themselves, each with the offsets that it alone asks for.

#include <vector>

#include "learn/discovery/null_space.h"

namespace noether::learn::symbolic {

// Those of the laws that hold alone, at offsets no larger than there are. Among others, which move
// the states too, a law's own offsets would be diluted.
//
// Terms that the data do not ask for are left out first: those without which the law still has an
// rms sine of at most ten times its own, and needs offsets that are not clearly larger. A law that
// is a function of the others is left out too.
//
// `given` are states as they are given, where the variance is the same in each coordinate.
std::vector<LinearLaw> laws_alone(std::vector<LinearLaw> laws, const Trajectories& given,
                                  double tolerance);

}  // namespace noether::learn::symbolic
