#include "learn/noether/meta_gradient.h"

#include <vector>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

namespace {

using Both = std::pair<Params, Params>;

// Steps a, ..., b - 1 backwards: pull(theta_k) for k = b - 1 down to a, given theta_a. Few steps
// keep all their weights; more are halved, and the first half is computed a second time.
template <class Advance, class Pull>
void backwards(const Params& theta_a, int a, int b, const Advance& advance, const Pull& pull) {
  constexpr int few = 8;
  if (b - a > few) {
    const int middle = a + (b - a) / 2;
    Params theta = theta_a;
    for (int k = a; k < middle; ++k) theta = advance(theta);
    backwards(theta, middle, b, advance, pull);
    backwards(theta_a, a, middle, advance, pull);
    return;
  }
  std::vector<Params> thetas{theta_a};
  for (int k = a; k + 1 < b; ++k) thetas.push_back(advance(thetas.back()));
  for (int k = b - a; k-- > 0; thetas.pop_back()) pull(thetas.back());
}

struct OuterGradient {
  double value;
  Params theta, phi;
};

OuterGradient outer_gradient(const MetaLoss& outer, const Params& theta, const Params& phi) {
  const auto [value, both] =
      value_and_grad([&](const Both& at) { return outer(at.first, at.second); }, Both(theta, phi));
  return {value.item(), both.first, both.second};
}

void check_steps(int steps) {
  if (steps < 1) throw base::UsageError("there must be at least one inner step");
}

}  // namespace

MetaStep sgd_inner_step(const MetaLoss& inner, double rate) {
  return [=](const Params& theta, const Params& phi) {
    const Params g = grad([&](const Params& at) { return inner(at, phi); }, theta);
    return add_scaled(theta, -rate, g);
  };
}

MetaGradient meta_gradient(const MetaLoss& inner, const MetaLoss& outer, const Params& theta,
                           const Params& phi, double rate, int steps) {
  check_steps(steps);
  const MetaStep step = sgd_inner_step(inner, rate);
  const auto advance = [&](const Params& from) { return step(from, phi); };
  Params last = theta;
  for (int k = 0; k < steps; ++k) last = advance(last);

  auto [value, v, dphi] = outer_gradient(outer, last, phi);
  double drate = 0;
  backwards(theta, 0, steps, advance, [&](const Params& at) {
    // the gradient of the inner loss at theta_k, and its derivative as theta_k moves along v
    const auto [g, along_v] = jvp(
        [&](const Params& moved) {
          return grad([&](const Both& both) { return inner(both.first, both.second); },
                      Both(moved, phi));
        },
        at, v);
    drate -= dot(v, g.first).item();
    v = add_scaled(v, -rate, along_v.first);
    if (phi.size() > 0) dphi = add_scaled(dphi, -rate, along_v.second);
  });
  return {value, v, dphi, drate};
}

MetaGradient meta_gradient(const MetaStep& step, const MetaLoss& outer, const Params& theta,
                           const Params& phi, int steps) {
  check_steps(steps);
  const auto advance = [&](const Params& from) { return step(from, phi); };
  Params last = theta;
  for (int k = 0; k < steps; ++k) last = advance(last);

  auto [value, v, dphi] = outer_gradient(outer, last, phi);
  backwards(theta, 0, steps, advance, [&](const Params& at) {
    const Both due = vjp([&](const Both& both) { return step(both.first, both.second); },
                         Both(at, phi), Tape::freed)
                         .pullback(v);
    v = due.first;
    if (phi.size() > 0) dphi = add_scaled(dphi, 1, due.second);
  });
  return {value, v, dphi};
}

MetaGradient unrolled_meta_gradient(const MetaStep& step, const MetaLoss& outer,
                                    const Params& theta, const Params& phi, int steps) {
  check_steps(steps);
  const MetaLoss whole = [&](const Params& from, const Params& quantity) {
    Params at = from;
    for (int k = 0; k < steps; ++k) at = step(at, quantity);
    return outer(at, quantity);
  };
  auto [value, dtheta, dphi] = outer_gradient(whole, theta, phi);
  return {value, dtheta, dphi};
}

}  // namespace noether::learn
