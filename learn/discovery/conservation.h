#pragma once

// How well a formula is conserved along trajectories, as one number.
//
// With n_i = grad f(x_i) and v_i = dx/dt at point i of n, f changes at the rate n_i . v_i. If the
// derivatives of each coordinate were dealt out to the points anew, in random order and with random
// signs, the square of that rate would be, in the mean over all ways to deal,
// n_i^T C n_i = sum_d C_d n_id^2 with C_d = mean_j v_jd^2, exactly and without a random number.
// Hence
//
//     r_i = n_i . v_i / sqrt(n_i^T C n_i),    score(f) = mean_i r_i^2:
//
// 0 for a conserved quantity, 1 in expectation for derivatives in random order. With coordinates
// measured by the rms of their derivatives, r_i is the sine of the angle between the velocity and
// the level set times the speed, so the root of the score is an rms sine. It does not change under
// scale, shift or any monotone outer function of f, nor under units of the coordinates, and no
// point counts more than others for a steep gradient. A point where n^T C n vanishes, as where all
// that f depends on is constant, or is not finite counts as 1.
//
// Each coordinate is dealt by itself: if whole velocities were, a sum such as the total momentum
// would be conserved in any order of them, and so could not be told from a constant.

#include <span>
#include <vector>

#include "learn/discovery/points.h"

namespace noether::learn::symbolic {

// Alet et al. keep what varies at least 100 times less than on random sequences.
inline constexpr double kept_score = 0.01;

// r_i at all points, and 0 at the padding.
std::vector<double> residuals(const Program& program, const Points& points,
                              std::span<const double> parameters, Machine& machine);

double score(const Program& program, const Points& points, std::span<const double> parameters,
             Machine& machine);

// C^1/2 n / |C^1/2 n| at each point: what is normal to the level set, as a unit vector where
// coordinates are measured by the rms of their derivatives. D numbers a point, of the points in
// order; all 0 where undefined.
std::vector<double> normals(const Program& program, const Points& points,
                            std::span<const double> parameters, Machine& machine);

// The mean squared sine of the angles between two sets of normals in D coordinates: 0 where one
// formula is a function of the other. Points where one is undefined count as 1.
double mean_squared_sine(std::span<const double> a, std::span<const double> b,
                         std::size_t dimension);

// The paper's kind of measure: the mean variance of f within a trajectory over its variance among
// all points; NaN where f is undefined or constant, and 1 for every f of a single trajectory. With
// the points in random order it would be shuffled_ratio in expectation, for every f.
double variance_ratio(const Expression& e, const Trajectories& trajectories,
                      std::span<const double> parameters);
double shuffled_ratio(const Trajectories& trajectories);

}  // namespace noether::learn::symbolic
