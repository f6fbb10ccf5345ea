#include "learn/ode/dynamics.h"

namespace noether::learn {

Dynamics dynamics_of(const Field& field) {
  return [field](const Params& params, double, const Tensors& h) {
    return Tensors{field(params, h.at(0))};
  };
}

Dynamics counted(const Dynamics& f, const EvaluationCount& count) {
  return [f, count](const Params& params, double t, const Tensors& h) {
    ++*count;
    return f(params, t, h);
  };
}

}  // namespace noether::learn
