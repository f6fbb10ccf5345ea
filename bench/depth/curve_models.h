#pragma once

// Networks for a curve y(x), of layers and of continuous depth.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "learn/autodiff/params.h"

namespace noether::bench {

struct CurveModel {
  std::string name = {}, description = {};
  std::function<learn::Params(std::uint64_t seed)> start = {};  // float64
  // x [n, 1] -> y [n, 1]
  std::function<learn::Tensor(const learn::Params&, const learn::Tensor& x)> predict = {};
};

// All begin with h = (x, 0) and end with y = w . h + b; g has one hidden layer of tanh.
//   resnet          h <- h + g_k(h), k = 1, ..., 4
//   resnet-shared   h <- h + g(h) / 4, four times
//   neural-ode      dh/dt = g(h) from t = 0 to 1, by dopri5, its gradient through the solver
// They have 170 or 171 weights.
std::vector<CurveModel> curve_models();

// y'' at every x, exactly.
learn::Tensor bend_of(const CurveModel& model, const learn::Params& params, const learn::Tensor& x);

}  // namespace noether::bench
