#pragma once

// Vector fields that conserve: the four settings of Noether Networks for state-space models.

#include "learn/models/field.h"
#include "learn/noether/inner_step.h"
#include "learn/noether/quantity.h"

namespace noether::learn {

// When a model is tailored (Alet et al. 2021, section 3):
//   inductive       never: the plain model
//   transductive    once, at test time, to all test inputs together
//   tailoring       at test time, to each query by itself
//   meta_tailoring  to each query by itself, at test time and inside training as well
// The last two predict by the same field and differ in how theta was trained.
enum class Setting { inductive, transductive, tailoring, meta_tailoring };

// Throws UsageError for a name that is none of the settings.
Setting setting_of(std::string_view name);

std::string_view to_string(Setting setting);  // "meta-tailoring"

// F(x) = f_{theta(x)}(x): the weights theta(x) are tailored at the state x, by the tangent form of
// the Noether loss. F is tailored anew wherever it is evaluated, so at every stage of a Runge-Kutta
// step. It needs nothing but x. phi is captured: to learn it, build the field inside the function
// that is differentiated.
//
// With Gauss-Newton on the last layer alone (no output bias), F is the orthogonal projection
// f - n (n . f) / |n|^2, n = grad g, up to epsilon. It then needs no second pass through the layers
// in front.
//
// map_dt > 0 is for fields that are run as an Euler map, which is to conserve g itself. The
// residual is then the finite difference (g(x + map_dt F(x)) - g(x)) / map_dt. Because g is curved,
// one Gauss-Newton step leaves an error of second order in the correction. Each further step
// squares it.
Field tailored_field(const Mlp& mlp, const Quantity& g, const Params& phi, const InnerStep& step,
                     double map_dt = 0);

// The same field, of the same values, whose inner step is a constant for derivatives: theta(x) =
// theta - u(x), where u is not differentiated. This is the first-order approximation of
// meta-learning (Finn, Abbeel and Levine 2017, section 5.2). No derivative reaches phi.
Field first_order_tailored_field(const Mlp& mlp, const Quantity& g, const Params& phi,
                                 const InnerStep& step, double map_dt = 0);

// theta tailored to all rows of x together, for the transductive setting. The loss is the mean
// square of the residuals: each is scaled by 1/sqrt(n).
Params transductive_weights(const Mlp& mlp, const Quantity& g, const Params& phi,
                            const InnerStep& step, const Params& theta, const Tensor& x);

// f - strength n (n . f) / (|n|^2 + epsilon), n = grad g: conservation to a degree. Strength 0
// leaves f alone, 1 projects it. strength is a scalar tensor, which can be learned; g has one
// component.
Field projected_field(const Field& field, const Quantity& g, const Params& phi,
                      const Tensor& strength, double epsilon = 1e-6);

}  // namespace noether::learn
