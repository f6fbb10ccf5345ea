#pragma once

// How well a formula f is conserved along trajectories, as one number: how fast f changes along the
// data, compared with chance.
//
// Along the data: at point i, f changes at the rate n_i . v_i, with n_i = grad f(x_i) and
// v_i = dx/dt.
//
// By chance: shuffle the derivatives of each coordinate among the points, with random signs. The
// mean of the squared rate over all shuffles is n_i^T C n_i = sum_d C_d n_id^2, with
// C_d = mean_j v_jd^2. This is exact; nothing is drawn at random.
//
//     r_i = n_i . v_i / sqrt(n_i^T C n_i),    score(f) = mean_i r_i^2
//
// The score is 0 for a conserved quantity and 1, in expectation, for shuffled data. Its root is the
// rms sine. (Measure each coordinate by the rms of its derivatives. Then r_i is the speed times the
// sine of the angle between velocity and level set.)
//
// The score does not change if f is scaled, shifted or put into a monotone function, or if the
// units of the coordinates change. Steep points count no more than flat ones. A point counts as 1
// where n^T C n is zero (all that f depends on is constant) or not finite.
//
// Each coordinate is shuffled by itself. Shuffling whole velocities would keep a sum such as the
// total momentum, so it could not be told from a constant.

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

// C^1/2 n / |C^1/2 n| at each point: the unit normal of the level set, each coordinate measured by
// the rms of its derivatives. D numbers a point, in the order of the points; all 0 where
// undefined.
std::vector<double> normals(const Program& program, const Points& points,
                            std::span<const double> parameters, Machine& machine);

// The mean squared sine of the angles between two sets of normals in D coordinates: 0 where one
// formula is a function of the other. Points where one is undefined count as 1.
double mean_squared_sine(std::span<const double> a, std::span<const double> b,
                         std::size_t dimension);

// The paper's kind of measure: the mean variance of f within a trajectory, divided by its variance
// among all points. NaN where f is undefined or constant; 1 where there is one trajectory only.
// For points in random order it is shuffled_ratio in expectation, whatever f is.
double variance_ratio(const Expression& e, const Trajectories& trajectories,
                      std::span<const double> parameters);
double shuffled_ratio(const Trajectories& trajectories);

}  // namespace noether::learn::symbolic
