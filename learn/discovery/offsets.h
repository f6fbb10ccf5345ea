#pragma once

// Errors in variables: the unknown offset of each trajectory, from laws that must hold.

#include <span>

#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// The states, moved so that some linear functions are one number in all trajectories, 0 where it
// may be 0. These are the functions that no velocity changes and that differ between trajectories
// by no more than offsets of data.offset_variance explain.
Trajectories without_constant_offsets(Trajectories data);

// The states of `given`, moved by one vector delta a trajectory, so that the laws f_l hold best:
// delta minimises
//
//     sum_l sum_i (grad f_l(x_i + delta) . v_i / (s |grad f_l|))^2 + |delta|^2 / offset_variance.
//
// |grad f_l| is measured in the metric of shuffled velocities, and s is the resolution.
// Gauss-Newton steps, from the states of `moved`.
Trajectories with_laws_kept(const Trajectories& given, Trajectories moved,
                            std::span<const Expression> laws, double resolution);

}  // namespace noether::learn::symbolic
