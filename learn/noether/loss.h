#pragma once

// The Noether loss L_N(theta; phi) of a query and its predictions (Alet et al. 2021, section 3), as
// a sum of squared residuals.

#include <functional>
#include <string_view>

#include "learn/noether/quantity.h"

namespace noether::learn {

// A model with its weights inside: [n, d] -> [n, d].
using Predict = std::function<Tensor(const Tensor& x)>;

// Residuals [n, m] of n queries under a model. The loss of a query is the sum of the squares of its
// row.
using Residuals = std::function<Tensor(const Params& phi, const Predict& f)>;

// Which predictions must conserve g. x_0 is the query, and x_t = x_{t-1} + dt f(x_{t-1}):
enum class Form {
  anchored,          // g(x_t) - g(x_0), t = 1..T
  previous,          // g(x_t) - g(x_{t-1}), t = 1..T
  tangent,           // dt grad g(x_0) . f(x_0): the next one, to first order
  finite_difference  // g(x_0 + dt f(x_0)) - g(x_0). It penalises the true field, by
                     // dt^2/2 f' Hess(g) f; kept because the paper writes it so
};
struct NoetherLoss {
  Form form = Form::tangent;
  double dt = 1;
  int steps = 1;  // T of anchored and previous
};

// Throws UsageError for a name that is none of the forms.
Form form_of(std::string_view name);

// x_1, ..., x_T of Euler's method.
Tensors euler_rollout(const Predict& f, const Tensor& x0, double dt, int steps);

Residuals residuals(const NoetherLoss& loss, const Quantity& g, const Tensor& x0);

}  // namespace noether::learn
