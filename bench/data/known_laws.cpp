#include "bench/data/known_laws.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "sim/system.h"

namespace noether::bench {

namespace {

// "3 (1 - cos q) + p^2", as sim/ writes it.
std::string energy_formula(const std::string& system) {
  const sim::System& known = sim::find_system(system);
  const auto& invariants = known.invariants;
  const auto energy = std::ranges::find(invariants, "energy", &sim::Invariant::name);
  if (energy == invariants.end()) throw base::UsageError(fmt::format("'{}' has no energy", system));
  if (energy->law != sim::Law::conserved)
    throw base::UsageError(fmt::format("the energy of '{}' is not conserved", system));
  if (!energy->default_formula.empty()) return energy->default_formula;
  return sim::with_values(known.constants, sim::default_values(known.constants), energy->formula);
}

}  // namespace

std::vector<KnownLaw> known_laws(const std::string& system) {
  if (system == "two-body") {
    return {{"energy", "(vx1^2 + vy1^2 + vx2^2 + vy2^2) / 2 - 1 / sqrt((x1 - x2)^2 + (y1 - y2)^2)"},
            {"angular_momentum", "x1 vy1 - y1 vx1 + x2 vy2 - y2 vx2"}};
  }
  if (system == "double-pendulum") {
    return {{"energy",
             "(p1^2 + 2 p2^2 - 2 p1 p2 cos(q1 - q2)) / (1 + sin(q1 - q2)^2) + "
             "1.5 (3 - 2 cos(q1) - cos(q2))"}};
  }
  return {{"energy", energy_formula(system)}};
}

learn::Quantity quantity_of(const std::vector<KnownLaw>& laws,
                            const std::vector<std::string>& coordinates) {
  std::vector<learn::Quantity> components;
  for (const KnownLaw& law : laws) {
    components.push_back(base::with_context(fmt::format("the law '{}'", law.name), [&] {
      return learn::formula_quantity(law.formula, coordinates);
    }));
  }
  return learn::joined(components);
}

}  // namespace noether::bench
