#include "bench/data/energy.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "sim/system.h"

namespace noether::bench {

std::string energy_formula(const std::string& system) {
  const auto& invariants = sim::find_system(system).invariants;
  const auto energy = std::ranges::find(invariants, "energy", &sim::Invariant::name);
  if (energy == invariants.end()) throw base::UsageError(fmt::format("'{}' has no energy", system));
  if (energy->law != sim::Law::conserved)
    throw base::UsageError(fmt::format("the energy of '{}' is not conserved", system));
  return energy->formula;
}

learn::Quantity energy_quantity(const std::string& system,
                                const std::vector<std::string>& coordinates) {
  const std::string formula = energy_formula(system);
  return base::with_context(fmt::format("the energy of '{}'", system),
                            [&] { return learn::formula_quantity(formula, coordinates); });
}

}  // namespace noether::bench
