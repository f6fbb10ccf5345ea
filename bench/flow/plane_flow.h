#pragma once

// A continuous normalising flow in the plane (Chen et al. 2018): dz/dt = f(t, z), f a network,
// carries a normal density at t = 0 to that of data at t = 1.

#include <cstdint>
#include <span>

#include "learn/nn/mlp.h"
#include "learn/ode/solve.h"

namespace noether::bench {

// f(t, z) = mlp(z, t), with two hidden layers.
struct PlaneFlow {
  learn::Mlp mlp{.widths = {3, 64, 64, 2}, .output_bias = true};

  learn::Dynamics field() const;
  // With dl/dt = -tr(df/dz) beside it: state (z [n, 2], l [n, 1]). The trace of two hidden layers
  // is exact, by one more product, not by two passes of differentiation.
  learn::Dynamics with_log_density() const;
};

// Of the first layer, the size of the weights of a hidden unit and of its bias. A network that
// begins with small ones is nearly linear over the data, and is slow to learn what is sharper.
enum class FirstLayer {
  sharp,  // weights of a norm of 5 sqrt(3) in the mean, biases within 5
  plain   // as those of any other network here
};
learn::Params initial_weights(const PlaneFlow& flow, FirstLayer first, std::uint64_t seed,
                              learn::DType dtype);

inline constexpr double base_variance = 0.1;  // of each coordinate at t = 0

// log p [n, 1] of points [n, 2] at t = 1: they are carried back to t = 0.
learn::Tensor log_density(const PlaneFlow& flow, const learn::Params& params,
                          const learn::Tensor& points, const learn::OdeSolver& solver);

// Points [n, 2] at t = 0, carried to each of the times, which grow from 0.
learn::Tensors carried(const PlaneFlow& flow, const learn::Params& params,
                       const learn::Tensor& points, std::span<const double> times,
                       const learn::OdeSolver& solver);

}  // namespace noether::bench
