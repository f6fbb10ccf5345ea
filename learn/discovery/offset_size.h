#pragma once

// Whether the offsets that a law asks for are as small as those that denoising leaves.
//
// The offset of a trajectory is normal with a known variance in each of D coordinates. A law moves
// the states by the offsets delta that minimise
//
//     |J delta + r|^2 / s^2 + |delta|^2 / variance,
//
// with J the derivatives of its residuals r by the offsets. It determines only some directions of
// them: none in a coordinate that it does not use. If the law holds, and its residuals have the
// size s, then the mean of |delta|^2 / variance is
//
//     nu = tr H,    H = J^T J (J^T J + s^2 / variance)^-1,
//
// the number of directions that are determined, and |delta|^2 / variance is chi-square distributed
// where each is determined well or not at all. A formula that is no law needs more. Judged by all D
// coordinates, its offsets in two of them would be diluted by the others, which stay at zero.

namespace noether::learn::symbolic {

// Of all trajectories.
struct OffsetSize {
  double chi_square = 0;  // sum |delta|^2 / variance
  double degrees = 0;     // sum of nu
};

// By how much chi_square is too large: the standard normal number that is as improbable (Wilson and
// Hilferty 1931). With less than one degree it is compared with one.
double excess(const OffsetSize& size);

// Offsets with a greater excess are too large. It happens to one true law in 10,000, so that of the
// few laws in each of some hundred searches about none is lost by chance. In data of two bodies at
// twice the default noise (seed 101), a function that only offsets kept had an excess of 8.
inline constexpr double most_excess = 3.72;

// What the offsets may hide: with 95 % confidence, further offsets that a formula needs in each
// determined direction, as it is no law, are not larger than this, as rms in standard deviations.
double hidden_deviations(const OffsetSize& size);

}  // namespace noether::learn::symbolic
