#pragma once

// The weights of a model and of the neural quantity that it conserves, as one set for one
// optimiser.

#include "learn/models/field.h"
#include "learn/noether/inner_step.h"
#include "learn/noether/quantity.h"
#include "learn/train/trainer.h"

namespace noether::learn {

struct JointWeights {
  Params theta, phi;
};

// What the names of phi begin with.
inline constexpr std::string_view phi_prefix = "phi.";

// The unit of g's weights in training, which makes g learn more slowly than f.
ParameterGroup phi_group();

// The same where g stays as it is.
ParameterGroup frozen_phi_group();

// theta as it is ("W1", ...), then phi as "phi.W1", ...
Params join(const Params& theta, const Params& phi);

// The two parts again; differentiable. phi is empty where `joint` is theta alone.
JointWeights split(const Params& joint);

// tailored_field with phi taken from the joint weights, so that training reaches both.
Field jointly_tailored_field(const Mlp& mlp, const Quantity& g, const InnerStep& step);

// The same field of joint weights, where phi is a constant for derivatives.
Field with_constant_phi(const Field& joint);

}  // namespace noether::learn
