#pragma once

// A neural quantity found in trajectories alone. From random weights joint meta-training fails: the
// gradient to g vanishes, or finds a constant. So g first learns not to change along trajectories.

#include <cstdint>

#include "learn/nn/mlp.h"
#include "learn/noether/quantity.h"

namespace noether::learn {

struct Pretraining {
  int ratio_steps = 200;   // L-BFGS steps on the variance ratio
  int angle_steps = 2000;  // then on the angle
  // Errors in variables: where states are known up to one offset a trajectory, of this variance,
  // the offsets are sought together with g. One of a standard deviation costs as much as an angle
  // of 1e-3, which g reaches without noise.
  double offset_variance = 0;
};

// Weights of a quantity network in float64: uniform with variance 1/in, a function of the seed.
Params initial_quantity_weights(const Mlp& mlp, std::uint64_t seed);

// The mean variance of g within a trajectory over its variance among all points, for x [N * T, d]
// of N trajectories of T points each: 0 for a conserved quantity, near 1 for any other, and free of
// scale and offset.
Tensor variance_ratio(const Quantity& g, const Params& phi, const Tensor& x,
                      std::int64_t trajectories);

// The mean of (n . v)^2 / (|n|^2 |v|^2), n = grad g, v = dx/dt: the squared sine of the angle
// between v and the level set of g.
Tensor angle_loss(const Quantity& g, const Params& phi, const Tensor& x, const Tensor& dx_dt);

// phi after L-BFGS on the ratio and then on the angle, scaled so that the mean of |grad g|^2 is 1.
// mlp has one output without a bias; x and dx_dt are float64 [N * T, d]. Offsets, where they
// are sought, serve g alone and are forgotten.
Params pretrained_quantity(const Mlp& mlp, const Pretraining& options, const Params& start,
                           const Tensor& x, const Tensor& dx_dt, std::int64_t trajectories);

}  // namespace noether::learn
