#pragma once

// Which steps dopri5 takes: as long as its error estimates allow.

#include <span>
#include <vector>

#include "learn/ode/solve.h"

namespace noether::learn {

// A step that was taken, and where in it times lie that were asked for, as shares of it.
struct TakenStep {
  double t = 0, dt = 0;
  std::vector<double> shares = {};
};

// Of values that are under no differentiation: the steps, and h at each of the times.
struct AdaptiveRun {
  std::vector<TakenStep> steps = {};
  std::vector<Tensors> states = {};
};
AdaptiveRun run_adaptively(const Dynamics& f, const Params& params, const Tensors& h0,
                           std::span<const double> times, const OdeSolver& solver);

}  // namespace noether::learn
