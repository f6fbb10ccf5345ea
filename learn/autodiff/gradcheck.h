#pragma once

// Derivatives compared with differences: is a rule, or a custom_vjp, what it claims to be?

#include <functional>

#include "learn/autodiff/params.h"
#include "learn/autodiff/tree.h"

namespace noether::learn {

struct GradcheckOptions {
  int order = 1;  // 2: Hessian-vector products as well
  // The differences span x +- 2 step, and are exact to step^4: a kink must lie further away.
  double step = 1e-3;
  // What require_gradients allows. For values and derivatives of order 1, differences round at
  // 2^-53 / step = 1e-13 and truncate at step^4 / 30 = 3e-14; a wrong rule is off by 1e-3 and more.
  double tolerance = 1e-9;
};

// Largest differences between derivatives and central differences, divided by the largest
// derivative or by 1, whichever is more; infinite where a value is not finite.
struct GradcheckErrors {
  double forward = 0;  // all of the Jacobian, column by column
  double reverse = 0;  // the pullback of one dense cotangent
  // Order 2 of its inner product with f, along one dense direction; zero unless asked for.
  double forward_over_reverse = 0;
  double reverse_over_forward = 0;
  double reverse_over_reverse = 0;
};

// The largest of all.
double worst(const GradcheckErrors& errors);

// The same for a function of one vector into another.
using VectorFunction = std::function<Tensor(const Tensor&)>;
GradcheckErrors gradcheck_vector(const VectorFunction& f, const Tensor& x,
                                 const GradcheckOptions& options);
void require_small(const GradcheckErrors& errors, double tolerance);

// How far the derivatives of f at x are from differences of f. Calls f about six times per value in
// x. Throws UsageError unless x is float64.
//     gradcheck([](const Tensor& x) { return sum(exp(x)); }, x, {.order = 2}).reverse
template <Tree X, class F>
GradcheckErrors gradcheck(F&& f, const X& x, const GradcheckOptions& options = {}) {
  const Tensors like = leaves(x);
  return gradcheck_vector(
      [&](const Tensor& vector) { return ravel(leaves(f(with_leaves(x, unravel(like, vector))))); },
      ravel(like), options);
}

// Throws NumericalError, which names the mode, where one of them is off by more than the tolerance.
template <Tree X, class F>
void require_gradients(F&& f, const X& x, const GradcheckOptions& options = {}) {
  require_small(gradcheck(f, x, options), options.tolerance);
}

}  // namespace noether::learn
