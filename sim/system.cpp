#include "sim/system.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "base/text.h"
#include "sim/systems/charged_particle.h"
#include "sim/systems/games.h"
#include "sim/systems/gravity/kepler.h"
#include "sim/systems/gravity/n_body.h"
#include "sim/systems/gravity/planets.h"
#include "sim/systems/gravity/two_body.h"
#include "sim/systems/lawless.h"
#include "sim/systems/lennard_jones.h"
#include "sim/systems/light_ray.h"
#include "sim/systems/lotka_volterra.h"
#include "sim/systems/oscillators/damped_pendulum.h"
#include "sim/systems/oscillators/double_pendulum.h"
#include "sim/systems/oscillators/duffing.h"
#include "sim/systems/oscillators/henon_heiles.h"
#include "sim/systems/oscillators/oscillator_2d.h"
#include "sim/systems/oscillators/pendulum.h"
#include "sim/systems/oscillators/spring.h"
#include "sim/systems/oscillators/spring_ring.h"
#include "sim/systems/rigid_body.h"

namespace noether::sim {

const std::vector<System>& all_systems() {
  static const std::vector<System> systems = {
      spring(),
      pendulum(),
      damped_pendulum(),
      two_body(),
      double_pendulum(),
      light_ray(),
      three_body(),
      planets(),
      n_body(8),
      kepler(),
      henon_heiles(),
      duffing(),
      oscillator_2d(),
      spring_ring(),
      rigid_body(),
      charged_particle(),
      lotka_volterra(),
      matching_pennies(),
      rock_paper_scissors(),
      lennard_jones(2),
      lennard_jones(4),
      van_der_pol(),
      lorenz(),
  };
  return systems;
}

const std::vector<System>& more_systems() {
  static const std::vector<System> systems = [] {
    std::vector<System> all;
    for (int bodies = least_bodies; bodies <= most_bodies; ++bodies) all.push_back(n_body(bodies));
    return all;
  }();
  return systems;
}

const System* known_system(std::string_view name) {
  for (const auto* systems : {&all_systems(), &more_systems()}) {
    const auto found = std::ranges::find(*systems, name, &System::name);
    if (found != systems->end()) return &*found;
  }
  return nullptr;
}

const System& find_system(std::string_view name) {
  if (const System* system = known_system(name)) return *system;
  check_bodies(name);
  std::vector<std::string> known;
  for (const System& system : all_systems()) known.push_back(system.name);
  throw base::UsageError(base::unknown_name("system", name, known));
}

void check_bodies(std::string_view name) {
  constexpr std::string_view stem = "n-body-";
  if (name.starts_with(stem))
    static_cast<void>(n_body(static_cast<int>(std::clamp<std::int64_t>(
        base::parse_integer(name.substr(stem.size()), name), -1'000'000, 1'000'000))));
}

std::vector<double> default_values(const std::vector<Constant>& constants) {
  std::vector<double> values;
  for (const Constant& constant : constants) values.push_back(constant.value);
  return values;
}

std::span<const double> constants_of(const System& system, std::span<const double> constants,
                                     std::size_t i) {
  const std::size_t count = system.constants.size();
  return constants.size() == count ? constants : constants.subspan(i * count, count);
}

void check_all_constants(const System& system, std::span<const double> constants,
                         std::size_t count) {
  const std::size_t own = system.constants.size();
  if (own == 0 || constants.size() != count * own) {
    check_values(system.name, system.constants, constants);
    return;
  }
  for (std::size_t i = 0; i < count; ++i)
    check_values(system.name, system.constants, constants.subspan(i * own, own));
}

bool has_friction(const System& system, std::span<const double> constants) {
  const auto found = std::ranges::find(system.constants, friction_name, &Constant::name);
  if (found == system.constants.end()) return false;
  for (auto k = static_cast<std::size_t>(found - system.constants.begin()); k < constants.size();
       k += system.constants.size()) {
    if (constants[k] != 0) return true;
  }
  return false;
}

Law law_of(const Invariant& invariant, bool has_friction) {
  return has_friction && invariant.name == "energy" ? Law::dissipated : invariant.law;
}

std::string with_values(const std::vector<Constant>& constants, std::span<const double> values,
                        std::string_view formula) {
  const auto is_of_a_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  std::string text;
  for (std::size_t at = 0; at < formula.size();) {
    std::size_t end = at;
    while (end < formula.size() && is_of_a_word(formula[end])) ++end;
    if (end == at) ++end;
    const std::string word(formula.substr(at, end - at));
    const auto found = std::ranges::find(constants, word, &Constant::name);
    text +=
        found == constants.end()
            ? word
            : fmt::format("({})", (values[static_cast<std::size_t>(found - constants.begin())]));
    at = end;
  }
  return text;
}

void check_values(std::string_view owner, const std::vector<Constant>& declared,
                  std::span<const double> values) {
  if (values.size() != declared.size()) {
    throw base::UsageError(
        fmt::format("{}: expected {} constants, got {}", owner, declared.size(), values.size()));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Constant& constant = declared[i];
    // written so that a NaN fails too
    if (values[i] >= constant.min && values[i] <= constant.max) continue;
    throw base::UsageError(fmt::format(
        "{}: {} = {} lies outside [{}, {}]", owner, constant.name, base::format_double(values[i]),
        base::format_double(constant.min), base::format_double(constant.max)));
  }
}

}  // namespace noether::sim
