#pragma once

// A spiral that was observed at irregular times, with noise.

#include <cstdint>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// y' = A y, A = [[-.1, 2], [-2, -.1]], y(0) = (2, 0), so y = 2 exp(-t / 10) (cos 2t, -sin 2t).
std::vector<double> spiral_at(double t);

struct Spiral {
  double observed_until = 10, predicted_until = 15;
  std::vector<double> times = {};        // from 0, at random: those of the observations
  learn::Tensor observed = {};           // [n, 2] float64, with noise of .02
  std::vector<double> other_times = {};  // from 0 to predicted_until, as dense
};
// 60 observations; everything random is drawn with the seed.
Spiral make_spiral(std::uint64_t seed);

}  // namespace noether::bench
