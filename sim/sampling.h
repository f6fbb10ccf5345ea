#pragma once

// Initial states, time grids and observation noise, each a function of (seed, index) alone.

#include <cstdint>
#include <span>
#include <vector>

#include "sim/integrator.h"
#include "sim/system.h"

namespace noether::sim {

// The constants (count, C) of the trajectories first, first + 1, ...: of each the number that its
// range is, or one drawn from it. Throws UsageError where ranges are inverted, or reach outside of
// what a constant may be.
std::vector<double> draw_constants(const System& system, std::span<const base::Uniform> ranges,
                                   std::uint64_t seed, std::int64_t first, std::int64_t count);

// The ranges that the constants of a system have by default.
std::vector<base::Uniform> default_ranges(const System& system);

// `count` initial states (count, D), of the trajectories first, first + 1, ..., with C constants or
// (count, C).
std::vector<double> sample_initial_states(const System& system, std::span<const double> sampling,
                                          std::span<const double> constants, std::uint64_t seed,
                                          std::int64_t first, std::int64_t count);

// The same of a system whose bodies may collide (System::nearest), for trajectories over `times`:
// each is drawn again until its bodies keep their distance at every time. Throws NumericalError
// where a hundred draws do not.
std::vector<double> sample_apart(const System& system, std::span<const double> sampling,
                                 std::span<const double> constants, std::uint64_t seed,
                                 std::int64_t first, std::int64_t count,
                                 std::span<const double> times, const Integration& integration);

// `steps` times from `start` to `end`, both included, as NumPy's linspace: start + n * ((end -
// start) / (steps - 1)), the last one exactly `end`.
std::vector<double> time_grid(double start, double end, int steps);

// state + noise_std * N(0, 1) in each of its (T, D) numbers, of trajectory `index`; exactly `state`
// where noise_std is 0.
std::vector<double> observe(std::span<const double> state, double noise_std, std::uint64_t seed,
                            std::int64_t index);

}  // namespace noether::sim
