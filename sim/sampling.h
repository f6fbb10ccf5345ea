#pragma once

// Initial states, time grids and observation noise, each a function of (seed, index) alone.

#include <cstdint>
#include <span>
#include <vector>

#include "sim/system.h"

namespace noether::sim {

// `count` initial states (count, D), of the trajectories first, first + 1, ...
std::vector<double> sample_initial_states(const System& system, std::span<const double> sampling,
                                          std::span<const double> constants, std::uint64_t seed,
                                          std::int64_t first, std::int64_t count);

// `steps` times from `start` to `end`, both included, as NumPy's linspace: start + n * ((end -
// start) / (steps - 1)), the last one exactly `end`.
std::vector<double> time_grid(double start, double end, int steps);

// state + noise_std * N(0, 1) in each of its (T, D) numbers, of trajectory `index`; exactly `state`
// where noise_std is 0.
std::vector<double> observe(std::span<const double> state, double noise_std, std::uint64_t seed,
                            std::int64_t index);

}  // namespace noether::sim
