#include "learn/noether/joint_weights.h"

#include "learn/autodiff/ops.h"
#include "learn/noether/tailored_field.h"

namespace noether::learn {

ParameterGroup phi_group() { return {std::string(phi_prefix), 0.3}; }

ParameterGroup frozen_phi_group() { return {std::string(phi_prefix), 0}; }

Params join(const Params& theta, const Params& phi) {
  Params joint = theta;
  for (const auto& [name, value] : phi) joint.add(std::string(phi_prefix) + name, value);
  return joint;
}

JointWeights split(const Params& joint) {
  JointWeights parts;
  for (const auto& [name, value] : joint) {
    if (name.starts_with(phi_prefix)) {
      parts.phi.add(name.substr(phi_prefix.size()), value);
    } else {
      parts.theta.add(name, value);
    }
  }
  return parts;
}

Field jointly_tailored_field(const Mlp& mlp, const Quantity& g, const InnerStep& step) {
  return [=](const Params& joint, const Tensor& x) {
    const auto [theta, phi] = split(joint);
    return tailored_field(mlp, g, phi, step)(theta, x);
  };
}

Field with_constant_phi(const Field& joint) {
  return [=](const Params& params, const Tensor& x) {
    const auto [theta, phi] = split(params);
    return joint(join(theta, stop_gradient(phi)), x);
  };
}

}  // namespace noether::learn
