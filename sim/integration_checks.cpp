#include "sim/integration_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"

namespace noether::sim {
namespace {

bool all_finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double x) { return std::isfinite(x); });
}

// "pendulum or damped-pendulum"
std::string systems_that_bring(const std::string& method) {
  std::string names;
  for (const System& system : all_systems()) {
    if (system.packs.method == method) names += (names.empty() ? "" : " or ") + system.name;
  }
  return names;
}

void check_times(std::span<const double> times) {
  if (times.empty() || !all_finite(times)) {
    throw base::UsageError("integrate: expected at least one time, all finite");
  }
  const bool forwards = times.back() >= times.front();
  for (std::size_t n = 1; n < times.size(); ++n) {
    if (forwards ? times[n] > times[n - 1] : times[n] < times[n - 1]) continue;
    throw base::UsageError(
        fmt::format("integrate: times neither grow nor fall throughout: {} follows {}",
                    base::format_double(times[n]), base::format_double(times[n - 1])));
  }
}

void check_states(const System& system, std::span<const double> states) {
  if (states.empty() || states.size() % system.dimension() != 0) {
    throw base::ShapeError(
        fmt::format("{}: initial states of {} numbers; expected a multiple of {}", system.name,
                    states.size(), system.dimension()));
  }
  if (!all_finite(states)) {
    throw base::UsageError(fmt::format("{}: an initial state is not finite", system.name));
  }
}

void check_options(const System& system, bool has_friction, const Integration& options) {
  const IntegratorInfo& info = find_integrator(options.method);
  if (info.symplectic && (!system.separable || has_friction)) {
    throw base::UsageError(fmt::format("{} does not fit {}: expected q' = f(p), p' = g(q)",
                                       info.name,
                                       system.name + (has_friction ? " with friction" : "")));
  }
  if (info.brought_by_system && info.name != system.packs.method) {
    throw base::UsageError(fmt::format("{} does not fit {}: expected {}", info.name, system.name,
                                       systems_that_bring(info.name)));
  }
  if (!std::isfinite(options.max_step) || options.max_step < 0) {
    throw base::UsageError(fmt::format("integrate: max_step = {}; expected 0 or more",
                                       base::format_double(options.max_step)));
  }
  if (!info.adaptive) return;
  const bool sound = std::isfinite(options.rtol) && std::isfinite(options.atol) &&
                     options.rtol >= 0 && options.atol >= 0 && options.rtol + options.atol > 0;
  if (!sound) {
    throw base::UsageError(
        fmt::format("integrate: rtol = {}, atol = {}; expected 0 or more, not both 0",
                    base::format_double(options.rtol), base::format_double(options.atol)));
  }
}

// A step cannot be more exact than the rounding of its own result.
void check_reachable(std::span<const double> states, const Integration& options) {
  if (!find_integrator(options.method).adaptive) return;
  double largest = 0;
  for (const double x : states) largest = std::max(largest, std::abs(x));
  constexpr double rounding = std::numeric_limits<double>::epsilon() / 2;
  if (options.atol + options.rtol * largest >= rounding * largest) return;
  throw base::NumericalError(fmt::format(
      "{}: the tolerance cannot be met: rtol {} and atol {} ask for less than the rounding of a "
      "state of size {}",
      options.method, base::format_double(options.rtol), base::format_double(options.atol),
      base::format_double(largest)));
}

}  // namespace

const IntegratorInfo& find_integrator(std::string_view name) {
  std::vector<std::string> known;
  for (const IntegratorInfo& info : all_integrators()) {
    if (info.name == name) return info;
    known.push_back(info.name);
  }
  throw base::UsageError(base::unknown_name("integrator", name, known));
}

void check_integration(const System& system, std::span<const double> constants,
                       std::span<const double> initial_states, std::span<const double> times,
                       const Integration& options) {
  check_times(times);
  check_states(system, initial_states);
  check_all_constants(system, constants, initial_states.size() / system.dimension());
  check_options(system, has_friction(system, constants), options);
  check_reachable(initial_states, options);
}

}  // namespace noether::sim
