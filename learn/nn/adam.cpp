#include <cmath>

#include "learn/kernels/flat.h"
#include "learn/kernels/square_root.h"
#include "learn/nn/optimizers.h"

namespace noether::learn {

namespace {

struct Moments {
  Tensor theta, m, v;
};

// One pass over memory for each result.
template <class T>
Moments updated(const Adam& adam, std::int64_t steps, const Tensor& theta, const Tensor& gradient,
                const Tensor& m, const Tensor& v) {
  using kernels::padded;
  const auto n = static_cast<double>(steps);
  const T beta1 = static_cast<T>(adam.beta1), beta2 = static_cast<T>(adam.beta2),
          decay = static_cast<T>(adam.weight_decay), epsilon = static_cast<T>(adam.epsilon),
          rate = static_cast<T>(adam.learning_rate / (1 - std::pow(adam.beta1, n))),
          root = static_cast<T>(std::sqrt(1 - std::pow(adam.beta2, n)));
  const auto g = padded<T>(gradient) + decay * padded<T>(theta);
  Moments next;
  next.m = Tensor::build<T>(theta.shape(), [&](std::span<T> out) {
    padded(out) = beta1 * padded<T>(m) + (1 - beta1) * g;
  });
  next.v = Tensor::build<T>(theta.shape(), [&](std::span<T> out) {
    padded(out) = beta2 * padded<T>(v) + (1 - beta2) * g * g;
  });
  next.theta = Tensor::build<T>(theta.shape(), [&](std::span<T> out) {
    padded(out) = padded<T>(theta) -
                  rate * padded<T>(next.m) /
                      (padded<T>(next.v).unaryExpr(kernels::SquareRoot{}) / root + epsilon);
  });
  return next;
}

}  // namespace

Params sgd_step(const Params& params, const Params& gradient, double learning_rate) {
  return add_scaled(params, -learning_rate, gradient);
}

AdamState initial_state(const Params& params) {
  // two sets of zeros, so that the first step holds as many buffers as every other
  const auto zeros = [&] { return map(params, [](const Tensor& x) { return zeros_like(x); }); };
  return {0, zeros(), zeros()};
}

AdamStep step(const Adam& adam, const AdamState& state, const Params& params,
              const Params& gradient) {
  return step_each(std::vector<Adam>(params.size(), adam), state, params, gradient);
}

AdamStep step_each(std::span<const Adam> each, const AdamState& state, const Params& params,
                   const Params& gradient) {
  AdamStep next;
  auto adam = each.begin();
  next.state.steps = state.steps + 1;
  for (const auto& [name, theta] : params) {
    const Moments moments =
        with_dtype(theta.dtype(), [&, &name = name, &theta = theta]<class T>(T) {
          return updated<T>(*adam, next.state.steps, theta, gradient[name],
                            state.first_moment[name], state.second_moment[name]);
        });
    next.params.add(name, moments.theta);
    next.state.first_moment.add(name, moments.m);
    next.state.second_moment.add(name, moments.v);
    ++adam;
  }
  return next;
}

}  // namespace noether::learn
