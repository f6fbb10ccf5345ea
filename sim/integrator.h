#pragma once

// Integrators on Boost.Odeint (rkf78, dopri5, rk4), symplectic ones (velocity Verlet, Forest and
// Ruth), and the methods that systems
// bring along (pack_integrator.h), behind one function.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/system.h"

namespace noether::sim {

struct Integration {
  std::string method = "rkf78";
  double rtol = 1e-14;  // adaptive methods: local error per step <= atol + rtol |y|
  double atol = 1e-14;
  double max_step = 0;  // fixed-step methods: largest step, each output interval is split evenly;
                        // 0: the interval itself
};

struct IntegratorInfo {
  std::string name;
  std::string description;  // with its source
  int order = 0;            // of the global error in the step; what the tests verify
  bool adaptive = false;
  bool brought_by_system = false;  // fits only the systems whose `packs.method` is this one
  bool symplectic = false;         // fits only separable systems
};

const std::vector<IntegratorInfo>& all_integrators();

// Solves dy/dt = f(y) with the C `constants` of the system, or its defaults where there are none,
// from `initial_state` (D) at times[0] and returns the states at `times` (T,
// strictly increasing or strictly decreasing, which runs the flow backwards), row-major (T, D).
// Throws UsageError for a method that is unknown or does not fit the system, NumericalError where
// the tolerance cannot be met or the state stops being finite.
std::vector<double> integrate(const System& system, std::span<const double> constants,
                              std::span<const double> initial_state, std::span<const double> times,
                              const Integration& options);

// The same for N initial states (N, D), returning (N, T, D). `constants` may be (N, C): then each
// trajectory has its own, and moves alone. Else a method that the system brings along moves them in
// packs of pack_size(). Callers that want the first k of n trajectories to be the
// same for any n pass whole packs.
std::vector<double> integrate_many(const System& system, std::span<const double> constants,
                                   std::span<const double> initial_states,
                                   std::span<const double> times, const Integration& options);

// How many trajectories of the system share their steps under `method`: 1, but for a method that
// the system brings along. Throws UsageError for an unknown method.
int pack_size(const System& system, std::string_view method);

// "Boost 1.74.0"
std::string odeint_version();

}  // namespace noether::sim
