#pragma once

// The conserved quantities of the systems in sim/, as formulas of the coordinates alone.

#include <string>
#include <vector>

#include "learn/noether/quantity.h"

namespace noether::bench {

struct KnownLaw {
  std::string name;     // that of the invariant in sim/: "angular_momentum"
  std::string formula;  // of the coordinates, with the default constants of the system
};

// The conserved quantities that differ between the trajectories of the system's dataset, the energy
// first. So for two bodies there is no linear momentum: it is zero in all trajectories. Throws
// UsageError where there is no such system, or none that conserves an energy.
std::vector<KnownLaw> known_laws(const std::string& system);

// One quantity with a component for each of the laws. Throws UsageError where a formula is not one
// of these coordinates.
learn::Quantity quantity_of(const std::vector<KnownLaw>& laws,
                            const std::vector<std::string>& coordinates);

}  // namespace noether::bench
