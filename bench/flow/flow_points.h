#pragma once

// Points and densities of a trained flow, in float64: a thousand points at a time, so that each
// piece takes the steps of the solver that it needs.

#include <cstdint>

#include "learn/models/flow.h"

namespace noether::bench {

// How a flow is judged and sampled, whatever it was trained with.
inline constexpr learn::OdeSolver judging_solver{.relative_tolerance = 1e-5,
                                                 .absolute_tolerance = 1e-5};

// log p [n, 1] of points x [n, d].
learn::Tensor log_density(const learn::Flow& flow, const learn::Params& params,
                          const learn::Tensor& x, const learn::OdeSolver& solver = judging_solver);

// n points of the density at t = 1, [n, d]: a function of the seed. The first k of n are the same
// for any n.
learn::Tensor samples(const learn::Flow& flow, const learn::Params& params, std::int64_t n,
                      std::uint64_t seed, const learn::OdeSolver& solver = judging_solver);

}  // namespace noether::bench
