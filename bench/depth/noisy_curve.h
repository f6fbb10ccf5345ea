#pragma once

// A curve that was observed at random places, with noise.

#include <cstdint>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// y = sin(pi x), from -2 to 2, and its second derivative.
inline constexpr double curve_reach = 2;
double curve_at(double x);
double curve_bend_at(double x);

// Places and what was observed there, [n, 1] float64 each.
struct CurvePoints {
  learn::Tensor x = {}, y = {};
};
struct NoisyCurve {
  CurvePoints train = {}, valid = {};
};
// 40 of each, with noise of .2; everything random is drawn with the seed.
NoisyCurve make_noisy_curve(std::uint64_t seed);

// `count` even places, both ends included, [count, 1].
learn::Tensor even_places(int count);

}  // namespace noether::bench
