#pragma once

// Networks that carry a state from one time to a later one.

#include <functional>
#include <string>
#include <vector>

#include "learn/nn/mlp.h"
#include "learn/ode/solve.h"

namespace noether::bench {

struct DepthModel {
  std::string name = {}, description = {};
  learn::Mlp mlp = {};
  // x [n, 2] after a span of each row's own, n of them
  std::function<learn::Tensor(const learn::Params&, const learn::Tensor& x,
                              const std::vector<double>& spans)>
      advance = {};
  // from x [1, 2], at each of the times, which grow; the first is that of x
  std::function<learn::Tensors(const learn::Params&, const learn::Tensor& x,
                               const std::vector<double>& times)>
      follow = {};
  // evaluations of the network since it was made; threads may share it
  learn::EvaluationCount evaluations = {};
};

// Residual networks: `resnet` knows no time, `dt-input` has the span as a third input, `dt-scaled`
// also multiplies by it. `neural-ode` solves dx/dt = g(x) by dopri5; so does `neural-ode-adjoint`,
// with the other gradient. All have 158 to 164 weights.
std::vector<DepthModel> depth_models();

}  // namespace noether::bench
