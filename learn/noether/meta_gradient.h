#pragma once

// The gradient through K inner steps, in the memory of one.

#include <functional>

#include "learn/autodiff/params.h"
#include "learn/noether/inner_step.h"

namespace noether::learn {

// Of theta, the model's weights, and phi, the quantity's: the residuals whose squares add up to the
// inner loss, and the outer loss, a single value.
using MetaResiduals = std::function<Tensor(const Params& theta, const Params& phi)>;
using MetaLoss = std::function<Tensor(const Params& theta, const Params& phi)>;

// Of outer(theta_K, phi), where theta_K is `tailor(residuals, theta, step)`.
struct MetaGradient {
  double value = 0;
  Params theta{}, phi{};
  Tensor rate{};  // by step.rate, in its shape; undefined where the rule has none
};

// Exact to second order. At no time is there a graph of more than one step; of the K weights,
// log2(K) are kept and the rest computed again.
//
// sgd: with L the inner loss and v = d outer / d theta_K, going back each step takes one
// Hessian-vector product, forward over reverse:  v <- v - rate H v,  dphi <- dphi - rate
// (d^2 L / dphi dtheta) v. Any other rule: the step is differentiated once more when going back,
// in the weights, in what adam remembers, in phi and in the rate.
MetaGradient meta_gradient(const MetaResiduals& residuals, const MetaLoss& outer,
                           const Params& theta, const Params& phi, const InnerStep& step);

// The plain version, one graph over all steps: what the other is tested against.
MetaGradient unrolled_meta_gradient(const MetaResiduals& residuals, const MetaLoss& outer,
                                    const Params& theta, const Params& phi, const InnerStep& step);

}  // namespace noether::learn
