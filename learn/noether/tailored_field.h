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

// F(x) = f_{theta(x)}(x): the query is one state, the inner objective the tangent form of the
// Noether loss there. Autonomous; tailored anew wherever it is evaluated, so at every stage of a
// Runge-Kutta step, and in need of no truth beyond x. phi is captured: to learn it, build the field
// inside the function that is differentiated.
//
// With Gauss-Newton on the last layer alone (no output bias) it is the orthogonal projection
// f - n (n . f) / |n|^2, n = grad g, up to epsilon, and needs no second pass through the layers in
// front.
//
// With map_dt > 0 the objective is the finite difference (g(x + map_dt F(x)) - g(x)) / map_dt
// instead: the field is that of an Euler map, which is to conserve g itself. g is curved, so that
// one Gauss-Newton step leaves what is of second order in the correction, and each further step
// squares that.
Field tailored_field(const Mlp& mlp, const Quantity& g, const Params& phi, const InnerStep& step,
                     double map_dt = 0);

// theta tailored to all rows of x together, for the transductive setting. The residuals are scaled
// by 1/sqrt(n), so that the loss is their mean square.
Params transductive_weights(const Mlp& mlp, const Quantity& g, const Params& phi,
                            const InnerStep& step, const Params& theta, const Tensor& x);

// f - strength n (n . f) / (|n|^2 + epsilon), n = grad g: conservation to a learned or chosen
// degree, 0 leaves f alone and 1 projects. strength is a scalar; g has one component.
Field projected_field(const Field& field, const Quantity& g, const Params& phi,
                      const Tensor& strength, double epsilon = 1e-6);

}  // namespace noether::learn
