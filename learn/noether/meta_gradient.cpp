#include "learn/noether/meta_gradient.h"

#include <vector>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

namespace {

using Both = std::pair<Params, Params>;
using WithRate = std::pair<Both, Tensors>;  // theta, phi and the rate, if there is one

// Steps a, ..., b - 1 backwards: pull(state_k, k) for k = b - 1 down to a, given state_a. Few steps
// keep all their states; more are halved, and the first half is computed a second time.
template <class Advance, class Pull>
void backwards(const InnerState& state_a, int a, int b, const Advance& advance, const Pull& pull) {
  constexpr int few = 8;
  if (b - a > few) {
    const int middle = a + (b - a) / 2;
    InnerState state = state_a;
    for (int k = a; k < middle; ++k) state = advance(state, k);
    backwards(state, middle, b, advance, pull);
    backwards(state_a, a, middle, advance, pull);
    return;
  }
  std::vector<InnerState> states{state_a};
  for (int k = a; k + 1 < b; ++k) states.push_back(advance(states.back(), k));
  for (int k = b; k-- > a; states.pop_back()) pull(states.back(), k);
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

void check_steps(const InnerStep& step) {
  if (step.steps < 1) throw base::UsageError("there must be at least one inner step");
}

Tensors rate_of(const InnerStep& step) {
  return has_rate(step.rule) && step.rate.defined() ? Tensors{step.rate} : Tensors{};
}

InnerStep with_rate(const InnerStep& step, const Tensors& rate) {
  InnerStep made = step;
  if (!rate.empty()) made.rate = rate[0];
  return made;
}

// One problem as a chain of states, forwards.
struct Chain {
  const MetaResiduals& residuals;
  const Params& phi;
  const InnerStep& step;

  InnerState operator()(const InnerState& from, int done) const {
    return next_inner_state([&](const Params& at) { return residuals(at, phi); }, from, step, done);
  }
  InnerState last(const Params& theta) const {
    InnerState state = first_inner_state(theta, step);
    for (int k = 0; k < step.steps; ++k) state = (*this)(state, k);
    return state;
  }
};

// Back through sgd's steps by Hessian-vector products.
void pull_sgd(const Chain& chain, const Params& theta, MetaGradient& due) {
  const Params& phi = chain.phi;
  const InnerStep& step = chain.step;
  const double rate = step.rate.item();
  const auto inner_gradient = [&](const Params& moved) {
    return grad([&](const Both& at) { return sum(square(chain.residuals(at.first, at.second))); },
                Both(moved, phi));
  };
  double drate = 0;
  backwards(first_inner_state(theta, step), 0, step.steps, chain,
            [&](const InnerState& state, int) {
              // only what moves passes on what it is due
              Params v;
              for (const auto& [name, value] : due.theta)
                v.add(name, step.moves(name) ? value : zeros_like(value));
              // the gradient of the inner loss at theta_k, and its derivative along v
              const auto [g, along_v] = jvp(inner_gradient, state.first, v);
              drate -= dot(v, g.first).item();
              due.theta = add_scaled(due.theta, -rate, along_v.first);
              if (phi.size() > 0) due.phi = add_scaled(due.phi, -rate, along_v.second);
            });
  due.rate = Tensor::full(step.rate.shape(), drate, step.rate.dtype());
}

// Back through the steps of any rule, each differentiated as a whole.
void pull_steps(const Chain& chain, const Params& theta, MetaGradient& due) {
  const Params& phi = chain.phi;
  const InnerStep& step = chain.step;
  const InnerState start = first_inner_state(theta, step);
  using From = std::pair<InnerState, std::pair<Params, Tensors>>;  // a state, phi and the rate
  // nothing after the last step asks for what adam remembers
  InnerState owed{due.theta, start.second};
  backwards(start, 0, step.steps, chain, [&](const InnerState& state, int done) {
    const From back = vjp(
                          [&](const From& at) {
                            const auto& [g, rate] = at.second;
                            const InnerStep made = with_rate(step, rate);
                            return Chain{chain.residuals, g, made}(at.first, done);
                          },
                          From(state, {phi, rate_of(step)}), Tape::freed)
                          .pullback(owed);
    owed = back.first;
    const auto& [dphi, drate] = back.second;
    if (phi.size() > 0) due.phi = add_scaled(due.phi, 1, dphi);
    if (!drate.empty()) due.rate = due.rate.defined() ? due.rate + drate[0] : drate[0];
  });
  due.theta = owed.first;
}

}  // namespace

MetaGradient meta_gradient(const MetaResiduals& residuals, const MetaLoss& outer,
                           const Params& theta, const Params& phi, const InnerStep& step) {
  check_steps(step);
  const Chain chain{residuals, phi, step};
  auto [value, v, dphi] = outer_gradient(outer, chain.last(theta).first, phi);
  MetaGradient due{value, v, dphi};
  if (step.rule == StepRule::sgd) {
    pull_sgd(chain, theta, due);
  } else {
    pull_steps(chain, theta, due);
  }
  return due;
}

MetaGradient unrolled_meta_gradient(const MetaResiduals& residuals, const MetaLoss& outer,
                                    const Params& theta, const Params& phi, const InnerStep& step) {
  check_steps(step);
  const auto [value, made] = value_and_grad(
      [&](const WithRate& at) {
        const auto& [from, g] = at.first;
        const InnerStep learned = with_rate(step, at.second);
        return outer(Chain{residuals, g, learned}.last(from).first, g);
      },
      WithRate({theta, phi}, rate_of(step)));
  return {value.item(), made.first.first, made.first.second,
          made.second.empty() ? Tensor() : made.second[0]};
}

}  // namespace noether::learn
