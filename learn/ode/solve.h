#pragma once

// Differential equations solved at given times, by differentiable operations.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "learn/ode/dynamics.h"

namespace noether::learn {

enum class OdeMethod {
  rk4,    // steps of one length: as few between two times as `longest_step` allows
  dopri5  // steps as long as the tolerances allow, whatever times are asked for (dense output)
};

// How a gradient passes.
enum class OdeGradient {
  through_solver,  // through the steps. It is that of the numbers that were computed. Each step is
                   // a checkpoint, so that memory grows by one state a step
  adjoint          // by the adjoint equation (adjoint.h): that of the exact solution, up to the
                   // error of the solver. Memory does not grow with the number of steps
};

const std::vector<std::string>& ode_method_names();
const std::vector<std::string>& ode_gradient_names();
// Throw UsageError for a name that is none of them.
OdeMethod ode_method_of(std::string_view name);
OdeGradient ode_gradient_of(std::string_view name);

struct OdeSolver {
  OdeMethod method = OdeMethod::dopri5;
  double longest_step = 0.1;  // of rk4
  // of dopri5: the rms of (error estimate) / (absolute + relative |h|) over a tensor of the state
  // is at most 1 for each of them
  double relative_tolerance = 1e-6, absolute_tolerance = 1e-8;
  std::int64_t most_steps = 100000;  // of dopri5, from the first time to the last
  OdeGradient gradient = OdeGradient::through_solver;
};

// h at each of the times, of which the first is that of h0. Times grow or fall. Lengths of steps
// are constants for derivatives. Throws UsageError where times neither grow nor fall, and
// NumericalError where steps become too short or too many.
std::vector<Tensors> solve(const Dynamics& f, const Params& params, const Tensors& h0,
                           std::span<const double> times, const OdeSolver& solver = {});

// The last of them.
Tensors solve_to(const Dynamics& f, const Params& params, const Tensors& h0, double from, double to,
                 const OdeSolver& solver = {});

}  // namespace noether::learn
