#pragma once

// The energies of the systems in sim/, as quantities that a model can be made to conserve.

#include <string>
#include <vector>

#include "learn/noether/quantity.h"

namespace noether::bench {

// "3 (1 - cos q) + p^2": the energy of that system as sim/ writes it. Throws UsageError where there
// is no such system, or none that conserves an energy.
std::string energy_formula(const std::string& system);

// The same as a function of the coordinates. Throws UsageError also where it takes more than these:
// a distance, or constants.
learn::Quantity energy_quantity(const std::string& system,
                                const std::vector<std::string>& coordinates);

}  // namespace noether::bench
