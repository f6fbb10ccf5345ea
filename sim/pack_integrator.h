#pragma once

// A method of integration that a system brings along, because it knows its equations better than
// Odeint does.

#include <span>
#include <string>
#include <vector>

namespace noether::sim {

// The error that a step may have: absolute + relative |y|.
struct Tolerance {
  double relative = 0;
  double absolute = 0;
};

struct PackIntegrator {
  std::string method = {};  // its name in all_integrators(); "": the system has none
  // Trajectories travel in packs of this many, which share their steps. A pack's bits depend on its
  // own members only, and the last pack is completed with copies of its last member.
  int pack_size = 1;
  // The states (N, T, D) at `times` (T) from `initial_states` (N, D); throws NumericalError where
  // that takes too many steps or a state stops being finite.
  std::vector<double> (*integrate)(std::span<const double> constants,
                                   std::span<const double> initial_states,
                                   std::span<const double> times,
                                   const Tolerance& tolerance) = nullptr;
};

}  // namespace noether::sim
