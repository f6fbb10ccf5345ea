#pragma once

// What most tests of sim/ begin with: a system solved from a start at its defaults.

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "sim/integrator.h"
#include "sim/sampling.h"
#include "sim/system.h"

namespace noether::test {

// The system's own method, or `method`, at the default tolerance.
inline sim::Integration default_integration(const sim::System& system,
                                            const std::string& method = "") {
  sim::Integration options;
  options.method = method.empty() ? system.integrator : method;
  return options;
}

inline std::vector<double> solve(const sim::System& system, std::span<const double> start,
                                 std::span<const double> times, const std::string& method = "") {
  return sim::integrate(system, sim::default_values(system.constants), start, times,
                        default_integration(system, method));
}

// The default constants of a system, but for those of these names.
inline std::vector<double> constants_with(const sim::System& system,
                                          const std::map<std::string, double>& values) {
  std::vector<double> constants = sim::default_values(system.constants);
  for (const auto& [name, value] : values) {
    const auto found = std::ranges::find(system.constants, name, &sim::Constant::name);
    constants.at(static_cast<std::size_t>(found - system.constants.begin())) = value;
  }
  return constants;
}

inline std::vector<double> default_times(const sim::System& system) {
  return sim::time_grid(0, system.t_end, system.steps);
}

// `count` starts as a dataset of the system has them, with C constants or (count, C).
inline std::vector<double> starts_of(const sim::System& system, std::span<const double> constants,
                                     std::uint64_t seed, std::int64_t count) {
  const auto sampling = sim::default_values(system.sampling);
  if (system.nearest == nullptr)
    return sim::sample_initial_states(system, sampling, constants, seed, 0, count);
  return sim::sample_apart(system, sampling, constants, seed, 0, count, default_times(system),
                           default_integration(system));
}

// The same at the default constants, from seed 1.
inline std::vector<double> default_starts(const sim::System& system, std::int64_t count) {
  return starts_of(system, sim::default_values(system.constants), 1, count);
}

// The largest |a - b|; infinite where the sizes differ or a number is NaN.
inline double largest_difference(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    if (std::isnan(difference)) return INFINITY;
    largest = std::max(largest, difference);
  }
  return largest;
}

}  // namespace noether::test
