#pragma once

// Two noisy circles: a density in the plane that is known.

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "learn/tensor/tensor.h"

namespace noether::bench {

inline constexpr double circle_radii[] = {1, 0.5}, circle_noise = 0.06;

// n points in the plane, x and y in turn: half of them on each circle, at random angles, each
// coordinate with normal noise.
std::vector<double> noisy_circles(std::int64_t n, base::RandomStream& random);

// Their density at points [n, 2], [n, 1] float64.
learn::Tensor circles_density(const learn::Tensor& points);

}  // namespace noether::bench
