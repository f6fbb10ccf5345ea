#pragma once

// The gradient through K inner steps, in the memory of one.

#include <functional>

#include "learn/autodiff/params.h"
#include "learn/autodiff/tree.h"

namespace noether::learn {

// A single value of theta, the model's weights, and phi, the quantity's.
using MetaLoss = std::function<Tensor(const Params& theta, const Params& phi)>;
// theta after one inner step.
using MetaStep = std::function<Params(const Params& theta, const Params& phi)>;

// Of outer(theta_K, phi), where theta_0 = theta and theta_{k+1} is the inner step from theta_k.
struct MetaGradient {
  double value = 0;
  Params theta{}, phi{};
  double rate = 0;  // of the inner rate, where there is one
};

// Inner steps theta_{k+1} = theta_k - rate grad_theta inner(theta_k, phi), exact to second order.
// With v = d outer / d theta_K, going back each step takes one Hessian-vector product, forward over
// reverse:  v <- v - rate H v,  dphi <- dphi - rate (d^2 inner / dphi dtheta) v.  At no time is
// there a graph of more than one step; of the K weights, log2(K) are kept and the rest computed
// again.
MetaGradient meta_gradient(const MetaLoss& inner, const MetaLoss& outer, const Params& theta,
                           const Params& phi, double rate, int steps);

// The same for any step rule, which is differentiated once more when going back: Polyak,
// Gauss-Newton, learned rates (put them into phi).
MetaGradient meta_gradient(const MetaStep& step, const MetaLoss& outer, const Params& theta,
                           const Params& phi, int steps);

// The plain version, one graph over all steps: what the others are tested against.
MetaGradient unrolled_meta_gradient(const MetaStep& step, const MetaLoss& outer,
                                    const Params& theta, const Params& phi, int steps);

// The step of gradient descent on inner, as a MetaStep.
MetaStep sgd_inner_step(const MetaLoss& inner, double rate);

}  // namespace noether::learn
