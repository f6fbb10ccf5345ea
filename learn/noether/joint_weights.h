#pragma once

// The weights of a model and of the neural quantity that it conserves, as one set for one
// optimiser.

#include "learn/models/field.h"
#include "learn/noether/inner_step.h"
#include "learn/noether/quantity.h"

namespace noether::learn {

struct JointWeights {
  Params theta, phi;
};

// g moves more slowly than f: its weights are trained in units of this.
inline constexpr double phi_unit = 0.3;

// theta as it is ("W1", ...), then phi / phi_unit as "phi.W1", ...
Params join(const Params& theta, const Params& phi);

// What was joined; differentiable. phi is empty where `joint` is theta alone.
JointWeights split(const Params& joint);

// tailored_field with phi taken from the joint weights, so that training reaches both.
Field jointly_tailored_field(const Mlp& mlp, const Quantity& g, const InnerStep& step);

}  // namespace noether::learn
