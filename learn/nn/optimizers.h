#pragma once

// Steps of gradient descent on concrete weights: each takes a state and returns the next.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "learn/autodiff/params.h"

namespace noether::learn {

// theta - learning_rate * gradient
Params sgd_step(const Params& params, const Params& gradient, double learning_rate);

// Adam (Kingma and Ba 2015, algorithm 1), with L2 decay added to the gradient ("coupled", as
// torch.optim.Adam does).
struct Adam {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
};
struct AdamState {
  std::int64_t steps = 0;
  Params first_moment;
  Params second_moment;
};
struct AdamStep {
  Params params;
  AdamState state;
};
AdamState initial_state(const Params& params);
AdamStep step(const Adam& adam, const AdamState& state, const Params& params,
              const Params& gradient);
// The same with options of its own for each of the weights, in their order.
AdamStep step_each(std::span<const Adam> each, const AdamState& state, const Params& params,
                   const Params& gradient);

// Limited-memory BFGS (Nocedal and Wright, algorithm 7.5) with a line search for the strong Wolfe
// conditions (algorithms 3.5 and 3.6), for smooth functions of few variables.
struct Lbfgs {
  int steps = 200;
  int memory = 20;
  double gradient_tolerance = 1e-9;  // stop where the largest component is below
  double change_tolerance = 1e-12;   // stop where the relative decrease of the value is below
};
struct Minimum {
  std::vector<double> x;
  double value;
  int steps;
};
struct ValueAndSlope {
  double value;
  std::vector<double> gradient;
};
// Throws NumericalError where the function is not finite at the start.
Minimum minimize(const Lbfgs& options,
                 const std::function<ValueAndSlope(const std::vector<double>&)>& f,
                 const std::vector<double>& start);
Params minimize(const Lbfgs& options, const std::function<Tensor(const Params&)>& loss,
                const Params& start);

}  // namespace noether::learn
