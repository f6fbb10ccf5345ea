#pragma once

// The parameters of a law from noisy states alone: no derivatives, and no smoothing, which takes
// more from what turns quickly and so bends a law.
//
// A law f has one value along a trajectory. Noise of standard deviation sigma_d in coordinate d
// scatters it by |n_i| at point i, |n|^2 = sum_d (sigma_d df/dx_d)^2, up to second order in the
// noise. The parameters minimise the scatter over what the noise explains:
//
//     sum_k w_k sum_i (f(x_i) - mean_k f)^2 / mean_k |n|^2 ,    i along trajectory k.

#include <cstdint>
#include <span>
#include <vector>

#include "learn/discovery/formulas/law.h"
#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// States as they were observed, and their noise, a standard deviation for each coordinate, of which
// the ratios alone matter. Derivatives are not read.
struct Observed {
  Trajectories states;
  std::vector<double> noise;
};

// The parameters where a descent from these ends. `weights` are the w_k; none: all 1.
std::vector<double> level_parameters(const Expression& formula, const Observed& observed,
                                     std::vector<double> parameters,
                                     std::span<const double> weights = {});

// The law and its first other form with these parameters, and their intervals in place of those of
// parameter_intervals: trajectories are drawn as there. A law without parameters, and one of a
// single trajectory, stay.
Law on_levels(Law law, const Observed& observed, int resamples, std::uint64_t seed);

}  // namespace noether::learn::symbolic
