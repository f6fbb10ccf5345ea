#pragma once

// A small network with time for the tests of solvers, and a loss of its solution.

#include <cmath>
#include <utility>

#include "learn/autodiff/ops.h"
#include "learn/nn/mlp.h"
#include "learn/ode/solve.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::test {

using learn::Params;
using learn::Tensor;
using learn::Tensors;

// Two states [3, 2] and [3, 1], coupled through the network, which time drives.
struct SmallOde {
  learn::Mlp mlp{.widths = {3, 5, 3}, .output_bias = true};
  Params params = initial_weights(mlp, 4, learn::DType::f64);
  Tensors start{irregular({3, 2}, -1, 1), irregular({3, 1}, -1, 1, 2)};
  std::vector<double> times{0, 0.4, 0.8, 1.6};

  learn::Dynamics dynamics() const {
    return [mlp = mlp](const Params& p, double t, const Tensors& h) {
      const Tensor rate = mlp(p, concat(Tensors{shift(h[0], 0.3 * std::sin(2 * t)), h[1]}, 1));
      return Tensors{slice(rate, 1, 0, 2), slice(rate, 1, 2, 3) * h[1]};
    };
  }

  // of every state at every time
  using At = std::pair<Params, Tensors>;
  Tensor loss(const At& at, const learn::OdeSolver& solver) const {
    Tensor total = Tensor::scalar(0);
    for (const Tensors& h : solve(dynamics(), at.first, at.second, times, solver))
      total = total + sum(square(h[0])) + sum(sin(h[1]));
    return total;
  }
  At at() const { return {params, start}; }
};

}  // namespace noether::test
