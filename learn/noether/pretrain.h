#pragma once

// A neural quantity g, learned from trajectories alone. Joint meta-training from random weights
// fails: either the gradient by phi vanishes, or g becomes a constant. So g first learns not to
// change along trajectories.

#include <cstdint>
#include <vector>

#include "learn/nn/mlp.h"
#include "learn/noether/quantity.h"

namespace noether::learn {

struct Pretraining {
  int ratio_steps = 200;   // L-BFGS steps on the variance ratio
  int angle_steps = 2000;  // then on the angle
  // Errors in variables: states may have one unknown offset a trajectory, of this variance. The
  // offsets are fitted together with g. An offset of one standard deviation costs as much as an
  // angle of 1e-3, which g reaches without noise. 0: states are exact.
  double offset_variance = 0;
};

// How many points each trajectory has; they lie one after the other in the rows of states.
using Lengths = std::vector<std::int64_t>;

// Weights of a quantity network in float64: uniform with variance 1/in, a function of the seed.
Params initial_quantity_weights(const Mlp& mlp, std::uint64_t seed);

// The mean variance of g within a trajectory, divided by its variance among all points. 0 for a
// conserved quantity, near 1 for any other. Scaling or shifting g changes nothing. x is [n, d].
// Throws ShapeError where these are not the points of the trajectories.
Tensor variance_ratio(const Quantity& g, const Params& phi, const Tensor& x,
                      const Lengths& lengths);

// The mean of (n . v)^2 / (|n|^2 |v|^2), n = grad g, v = dx/dt: the squared sine of the angle
// between v and the level set of g.
Tensor angle_loss(const Quantity& g, const Params& phi, const Tensor& x, const Tensor& dx_dt);

// phi after L-BFGS on the ratio, then on the angle; scaled so that the mean of |grad g|^2 is 1. mlp
// has one output without a bias; x and dx_dt are float64 [n, d]. Fitted offsets are not
// returned. Throws as variance_ratio.
Params pretrained_quantity(const Mlp& mlp, const Pretraining& options, const Params& start,
                           const Tensor& x, const Tensor& dx_dt, const Lengths& lengths);

}  // namespace noether::learn
