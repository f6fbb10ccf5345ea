#pragma once

// Errors in variables: the unknown offset of each trajectory, from laws that must hold.

#include <span>

#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// The states moved so that linear functions which no velocity changes, and which differ between
// trajectories by no more than offsets of data.offset_variance would make them, are one number: 0
// where it may be 0.
Trajectories without_constant_offsets(Trajectories data);

// The states of `given` moved by one vector a trajectory, that which minimises
//
//     sum_l sum_i (grad f_l(x_i + delta) . v_i / (s |grad f_l|))^2 + |delta|^2 / offset_variance
//
// over the laws f_l, |grad f_l| in the metric of shuffled velocities and s the resolution; by Gauss
// and Newton's steps from where `moved` has them.
Trajectories with_laws_kept(const Trajectories& given, Trajectories moved,
                            std::span<const Expression> laws, double resolution);

}  // namespace noether::learn::symbolic
