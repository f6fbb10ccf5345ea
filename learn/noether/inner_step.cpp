#include "learn/noether/inner_step.h"

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

namespace {

// keeps 0 / 0 at a residual of zero from being one; far below any square of interest
constexpr double tiny = 1e-30;

// sum over all but the first axis, as [n, 1]
Tensor row_sum(const Tensor& x) {
  const std::int64_t n = x.shape()[0];
  return sum(reshape(x, {n, x.size() / n}), 1, true);
}

Tensor per_row(const Tensor& factor, const Shape& shape) {
  Shape extents = shape;
  for (int axis = 1; axis < shape.rank(); ++axis) extents = extents.with(axis, 1);
  return reshape(factor, extents);
}

// One step; residuals are [n, m], the weights carry the n in front where n is not 1.
Params stepped(const ResidualsOf& residuals, const Params& theta, const InnerStep& step,
               bool rows) {
  const auto as_rows = [&](const Params& at) {
    const Tensor r = residuals(at);
    return rows ? r : reshape(r, {1, r.size()});
  };
  const auto [r, pullback] = vjp(as_rows, theta, Tape::freed);
  const Params direction = pullback(seed(r));
  Tensor norm;
  for (const auto& [name, d] : direction) {
    if (!step.moves(name)) continue;
    const Tensor part = row_sum(rows ? square(d) : reshape(square(d), {1, d.size()}));
    norm = norm.defined() ? norm + part : part;
  }
  if (!norm.defined()) throw base::UsageError("the inner step moves no weights");
  const Tensor factor = step_factor(step, r, norm);
  Params next;
  for (const auto& [name, value] : theta) {
    const Tensor c = rows ? per_row(factor, value.shape()) : reshape(factor, {});
    next.add(name, step.moves(name) ? value - c * direction[name] : value);
  }
  return next;
}

Params tailored(const ResidualsOf& residuals, const Params& theta, const InnerStep& step,
                bool rows) {
  Params now = theta;
  for (int k = 0; k < step.steps; ++k) now = stepped(residuals, now, step, rows);
  return now;
}

}  // namespace

bool InnerStep::moves(const std::string& name) const {
  return weights.empty() || std::ranges::find(weights, name) != weights.end();
}

StepRule step_rule_of(std::string_view name) {
  if (name == "sgd") return StepRule::sgd;
  if (name == "polyak") return StepRule::polyak;
  if (name == "gauss-newton") return StepRule::gauss_newton;
  throw base::UsageError("no inner step is called '" + std::string(name) +
                         "'; there are sgd, polyak and gauss-newton");
}

std::string_view to_string(StepRule rule) {
  switch (rule) {
    case StepRule::sgd:
      return "sgd";
    case StepRule::polyak:
      return "polyak";
    case StepRule::gauss_newton:
      return "gauss-newton";
  }
  return "";
}

Tensor seed(const Tensor& residuals) {
  return residuals.shape()[1] == 1 ? ones_like(residuals) : residuals;
}

Tensor step_factor(const InnerStep& step, const Tensor& residuals, const Tensor& squared_norm) {
  const bool one = residuals.shape()[1] == 1;
  if (step.rule == StepRule::sgd) {
    if (!step.rate.defined()) throw base::UsageError("an sgd inner step needs a rate");
    const Tensor twice = broadcast_to(scale(step.rate, 2), squared_norm.shape());
    return one ? twice * residuals : twice;
  }
  const Tensor loss = one ? residuals : sum(square(residuals), 1, true);
  const Tensor newton = one ? loss / (squared_norm + step.epsilon)
                            : loss / (squared_norm + scale(loss, step.epsilon) + tiny);
  return step.rule == StepRule::polyak ? scale(newton, 0.5) : newton;
}

Params tailor(const ResidualsOf& residuals, const Params& theta, const InnerStep& step) {
  return tailored(residuals, theta, step, false);
}

Params tailor_rows(const ResidualsOf& residuals, const Params& theta, const InnerStep& step) {
  return tailored(residuals, theta, step, true);
}

}  // namespace noether::learn
