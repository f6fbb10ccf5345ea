#pragma once

// How well a formula is conserved along trajectories, as one number.
//
// With n_i = grad f(x_i) and v_i = dx/dt at point i of n, f changes at the rate n_i . v_i. If the
// velocities were dealt out to the points anew, at random, the square of that rate would be, in the
// mean over all the ways to deal, mean_j (n_i . v_j)^2 = n_i^T C n_i with C = mean_j v_j v_j^T,
// exactly and without a random number. Hence
//
//     r_i = n_i . v_i / sqrt(n_i^T C n_i),    score(f) = mean_i r_i^2:
//
// 0 for a conserved quantity, 1 in expectation for velocities in random order. Each r_i is the
// cosine of the angle between gradient and velocity, measured in the metric C, times the speed over
// its rms: so the root of the score is the rms sine of the angle between velocities and level sets.
// It does not change under scale, shift or any monotone outer function of f, nor under a linear
// change of coordinates (so not under units), and no point counts more than others for a steep
// gradient. A point where n^T C n vanishes or is not finite counts as 1.

#include <memory>
#include <span>
#include <vector>

#include "learn/symbolic/points.h"

namespace noether::learn::symbolic {

// Alet et al. keep what varies at least 100 times less than on random sequences.
inline constexpr double kept_score = 0.01;

// r_i at all points, and 0 at the padding.
std::vector<double> residuals(const Program& program, const Points& points,
                              std::span<const double> parameters, Machine& machine);

double score(const Program& program, const Points& points, std::span<const double> parameters,
             Machine& machine);

// L^T n / |L^T n| with C = L L^T at each point: what is normal to the level set, as a unit vector
// in the metric C. D numbers a point, of the points in order; all 0 where undefined.
std::vector<double> normals(const Program& program, const Points& points,
                            std::span<const double> parameters, Machine& machine);

// The mean squared sine of the angles between two sets of normals in D coordinates: 0 where one
// formula is a function of the other. Points where one is undefined count as 1.
double mean_squared_sine(std::span<const double> a, std::span<const double> b,
                         std::size_t dimension);

// The paper's kind of measure: the mean variance of f within a trajectory over its variance among
// all points; NaN where f is undefined or constant. With the points in random order it would be
// shuffled_ratio in expectation, for every f.
double variance_ratio(const Expression& e, const Trajectories& trajectories,
                      std::span<const double> parameters);
double shuffled_ratio(const Trajectories& trajectories);

}  // namespace noether::learn::symbolic
