#pragma once

// Ordinary differential equations dh/dt = f(t, h) whose right side has weights.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "learn/autodiff/params.h"
#include "learn/models/field.h"

namespace noether::learn {

// A state is one tensor or several. f gives a rate for each, in its shape. It depends on nothing
// differentiated but its arguments.
using Dynamics = std::function<Tensors(const Params& params, double t, const Tensors& h)>;

// That of a field: one state [n, d], and no time.
Dynamics dynamics_of(const Field& field);

// The same dynamics, counting how often they are evaluated, going forward and going back.
using EvaluationCount = std::shared_ptr<std::atomic<std::int64_t>>;
Dynamics counted(const Dynamics& f, const EvaluationCount& count);

}  // namespace noether::learn
