#include "learn/noether/loss.h"

#include <array>

#include "base/error.h"
#include "base/text.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {

namespace {

constexpr std::array<std::pair<std::string_view, Form>, 4> names{{
    {"anchored", Form::anchored},
    {"previous", Form::previous},
    {"tangent", Form::tangent},
    {"finite-difference", Form::finite_difference},
}};

}  // namespace

Form form_of(std::string_view name) {
  for (const auto& [known, form] : names) {
    if (known == name) return form;
  }
  throw base::UsageError("no Noether loss is called '" + std::string(name) +
                         "'; there are anchored, previous, tangent and finite-difference");
}

Tensors euler_rollout(const Predict& f, const Tensor& x0, double dt, int steps) {
  Tensors states;
  for (int t = 0; t < steps; ++t) {
    const Tensor& x = states.empty() ? x0 : states.back();
    states.push_back(x + dt * f(x));
  }
  return states;
}

Residuals residuals(const NoetherLoss& loss, const Quantity& g, const Tensor& x0) {
  if (loss.form == Form::tangent) {
    return [=](const Params& phi, const Predict& f) {
      return scale(rate_of_change(g, phi, x0, f(x0)), loss.dt);
    };
  }
  const int steps = loss.form == Form::finite_difference ? 1 : loss.steps;
  return [=](const Params& phi, const Predict& f) {
    Tensor before = g(phi, x0);
    Tensors differences;
    for (const Tensor& x : euler_rollout(f, x0, loss.dt, steps)) {
      const Tensor now = g(phi, x);
      differences.push_back(now - before);
      if (loss.form == Form::previous) before = now;
    }
    return concat(differences, 1);
  };
}

}  // namespace noether::learn
