#pragma once

// Vector fields dx/dt = f(x) with weights, and their integration.

#include <functional>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/nn/mlp.h"

namespace noether::learn {

// Shapes [n, d] -> [n, d]; rows are independent of each other. Every model of a state-space system
// is one of these, whatever happens inside.
using Field = std::function<Tensor(const Params& params, const Tensor& x)>;

// mean over all values of (f(x) - dx_dt)^2
Tensor field_loss(const Field& field, const Params& params, const Tensor& x, const Tensor& dx_dt);

// How a field is stepped through time.
enum class Stepper { rk4, euler };

// What takes the place of the state x [n, d] that a step arrived at, where x0 [n, d] is the start.
using AfterStep = std::function<Tensor(const Tensor& x0, const Tensor& x)>;

// x(t) for t = 0, dt, ..., steps * dt: steps + 1 tensors of x0's shape [n, d].
Tensors rollout(const Field& field, const Params& params, const Tensor& x0, double dt, int steps,
                Stepper stepper = Stepper::rk4, const AfterStep& after_step = {});

// The same at times of each row's own: x at times[0], ..., of which each holds the n times of the
// rows. No step is longer than `longest`. A row whose time does not grow stays where it is.
Tensors rollout_at(const Field& field, const Params& params, const Tensor& x0,
                   const std::vector<std::vector<double>>& times, double longest,
                   Stepper stepper = Stepper::rk4, const AfterStep& after_step = {});

}  // namespace noether::learn
