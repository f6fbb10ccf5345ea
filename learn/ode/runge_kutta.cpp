#include "learn/ode/runge_kutta.h"

#include <span>
#include <vector>

#include "learn/autodiff/ops.h"

namespace noether::learn {

namespace {

// sum_i factors[i] * terms[i], a part at a time; factors of zero are left out
Tensors combined(std::span<const double> factors, const std::vector<Tensors>& terms) {
  Tensors sums(terms.front().size());
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (factors[i] == 0) continue;
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const Tensor term = factors[i] * terms[i].at(k);
      sums[k] = sums[k].defined() ? sums[k] + term : term;
    }
  }
  return sums;
}

// h + dt * rate
Tensors moved(const Tensors& h, double dt, const Tensors& rate) {
  Tensors there;
  for (std::size_t k = 0; k < h.size(); ++k) there.push_back(h[k] + dt * rate.at(k));
  return there;
}

// the coefficients of the stages 2 to 7; those of the last are the weights of the step
constexpr std::array<double, 6> nodes{1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
constexpr std::array<std::array<double, 6>, 6> stages{{
    {1. / 5},
    {3. / 40, 9. / 40},
    {44. / 45, -56. / 15, 32. / 9},
    {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
    {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
    {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
}};
// the weights of order 5 less those of order 4
constexpr std::array<double, 7> error_weights{
    71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525., -1. / 40};
constexpr std::array<double, 7> dense_weights{
    -12715105075. / 11282082432,  0,
    87487479700. / 32700410799,   -10690763975. / 1880347072,
    701980252875. / 199316789632, -1453857185. / 822651844,
    69997945. / 29380423};

}  // namespace

Tensors rk4_step(const Dynamics& f, const Params& params, double t, const Tensors& h, double dt) {
  const Tensors k1 = f(params, t, h);
  const Tensors k2 = f(params, t + dt / 2, moved(h, dt / 2, k1));
  const Tensors k3 = f(params, t + dt / 2, moved(h, dt / 2, k2));
  const Tensors k4 = f(params, t + dt, moved(h, dt, k3));
  Tensors next;
  for (std::size_t k = 0; k < h.size(); ++k)
    next.push_back(h[k] + (dt / 6) * (k1[k] + 2 * (k2[k] + k3[k]) + k4[k]));
  return next;
}

Dopri5Step dopri5_step(const Dynamics& f, const Params& params, double t, const Tensors& h,
                       const Tensors& slope, double dt) {
  std::vector<Tensors> rates{slope};
  Tensors there;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    there = moved(h, dt, combined(std::span(stages[s]).first(s + 1), rates));
    rates.push_back(f(params, t + nodes[s] * dt, there));
  }
  Dopri5Step step{.next = there, .slope = rates.back(), .error = {}, .coefficients = {}};
  const Tensors error = combined(error_weights, rates), dense = combined(dense_weights, rates);
  for (std::size_t k = 0; k < h.size(); ++k) {
    step.error.push_back(dt * error[k]);
    const Tensor change = there[k] - h[k], bend = dt * slope[k] - change;
    step.coefficients[0].push_back(change);
    step.coefficients[1].push_back(bend);
    step.coefficients[2].push_back(change - dt * step.slope[k] - bend);
    step.coefficients[3].push_back(dt * dense[k]);
  }
  return step;
}

Tensors within(const Dopri5Step& step, const Tensors& h, double share) {
  const auto& c = step.coefficients;
  Tensors there;
  for (std::size_t k = 0; k < h.size(); ++k) {
    const Tensor inner = c[1][k] + share * (c[2][k] + (1 - share) * c[3][k]);
    there.push_back(h[k] + share * (c[0][k] + (1 - share) * inner));
  }
  return there;
}

}  // namespace noether::learn
