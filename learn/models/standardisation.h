#pragma once

// Training in standardised coordinates: the network sees (x - mean) / spread and gives dx/dt over
// its spread, so that no unit decides what is learned. The weights that are kept are folded: those
// of the same field in the coordinates of the data.

#include <vector>

#include "learn/models/field.h"

namespace noether::learn {

struct Standardisation {
  std::vector<double> mean, spread;  // of each coordinate; standard deviations, 1 where that is 0
  std::vector<double> rate_spread;   // of each coordinate's dx/dt
};

// Of points x and rates dx_dt, [n, d].
Standardisation standardisation_of(const Tensor& x, const Tensor& dx_dt);

// The weights of the field in the coordinates of the data, of those of an Mlp in standardised ones:
// W1, b1, the last W, and its b where there is one, change. A network of one output, where d > 1,
// is a Hamiltonian; its unit is the geometric mean of those that Hamilton's equations ask for.
// Weights of other names stay. Differentiable.
Params folded(const Params& standardised, const Standardisation& units);
Params unfolded(const Params& params, const Standardisation& units);  // the inverse

// (standardised weights, x) -> f(x), in the coordinates of the data.
Field folded_field(const Field& field, const Standardisation& units);

// (standardised weights, x) -> f(x) over the spread of the rates, and the rates over it too: the
// mean squared difference of the two is the share of the variance of dx/dt that f does not explain.
Field standardised_field(const Field& field, const Standardisation& units);
Tensor standardised_rates(const Tensor& dx_dt, const Standardisation& units);

}  // namespace noether::learn
