#pragma once

// The gradient through K inner steps, in the memory of one.

#include <functional>

#include "learn/autodiff/params.h"
#include "learn/noether/inner_step.h"

namespace noether::learn {

// Functions of theta, the weights of the model, and phi, those of the quantity. The inner loss is
// the sum of the squared residuals. The outer loss is a single value.
using MetaResiduals = std::function<Tensor(const Params& theta, const Params& phi)>;
using MetaLoss = std::function<Tensor(const Params& theta, const Params& phi)>;

// The value of outer(theta_K, phi), with theta_K = tailor(residuals, theta, step), and its
// gradients.
struct MetaGradient {
  double value = 0;
  Params theta{}, phi{};  // by theta and by phi
  Tensor rate{};          // by step.rate, in its shape; undefined where the rule has none
};

// Exact to second order. There is never a graph of more than one step. Of the K sets of weights,
// log2(K) are kept; the others are computed again.
//
// sgd: let L be the inner loss and v = d outer / d theta_K. Going back, each step takes one
// Hessian-vector product, forward over reverse:
//     v <- v - rate H v,    dphi <- dphi - rate (d^2 L / dphi dtheta) v.
// Other rules: going back, the step is differentiated once more, by the weights, the moments of
// adam, phi and the rate.
MetaGradient meta_gradient(const MetaResiduals& residuals, const MetaLoss& outer,
                           const Params& theta, const Params& phi, const InnerStep& step);

// The plain version, one graph over all steps: what the other is tested against.
MetaGradient unrolled_meta_gradient(const MetaResiduals& residuals, const MetaLoss& outer,
                                    const Params& theta, const Params& phi, const InnerStep& step);

}  // namespace noether::learn
