#pragma once

// The charge of a chain of linear layers x_{l+1} = W_l x_l: a matrix, Q_l = sum a_i x_i^T, with
//   Q_l = W_l^T dL/dW_l     and     Q_{l+1} = dL/dW_l W_l^T        (the two-sided form)
// at any weights, L the data loss. So W_{l+1}^T dL/dW_{l+1} = dL/dW_l W_l^T. J is the antisymmetric
// part of Q, and D its trace. Where L + p sum |W|^2 is stationary, dL/dW = -2 p W, and the layers
// are balanced: W_{l+1}^T W_{l+1} = W_l W_l^T.
//
// Balance: Arora, Cohen and Hazan, "On the optimization of deep networks", ICML 2018.

#include "bench/maps/charges.h"

namespace noether::bench {

struct MatrixCharge {
  // the largest difference of both sides of the two-sided form, over the largest |Q|
  double identity = 0;
  // the largest |W_{l+1}^T W_{l+1} - W_l W_l^T|, over the largest |W_l W_l^T|
  double imbalance = 0;
};

// Of a scene of linear maps; dL/dW is that of the whole chain.
MatrixCharge matrix_charge_of(const MapScene& scene, const learn::Params& maps,
                              const Charges& charges);

}  // namespace noether::bench
