#pragma once

// What integrate and integrate_many demand of their arguments.

#include <span>
#include <string_view>

#include "sim/integrator.h"

namespace noether::sim {

// The method of that name; throws UsageError naming the nearest.
const IntegratorInfo& find_integrator(std::string_view name);

// Throws UsageError for constants, times, states or options that make no sense, or a method that
// does not fit the system; ShapeError for states of the wrong size; NumericalError for a tolerance
// below the rounding of the states.
void check_integration(const System& system, std::span<const double> constants,
                       std::span<const double> initial_states, std::span<const double> times,
                       const Integration& options);

}  // namespace noether::sim
