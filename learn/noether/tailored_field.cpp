#include "learn/noether/tailored_field.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/query_mlp.h"

namespace noether::learn {

namespace {

// in the order of the enumeration
const std::array<std::string, 4> setting_names{"inductive", "transductive", "tailoring",
                                               "meta-tailoring"};

// The first layer of which something moves; layers in front need to be passed only once.
int first_moving_layer(const Mlp& mlp, const InnerStep& step) {
  int layer = 1;
  while (layer < mlp.layers() && !step.moves(weight_name(layer)) && !step.moves(bias_name(layer))) {
    ++layer;
  }
  return layer;
}

enum class Updates { differentiated, constant };

Field tailored(const Mlp& mlp, const Quantity& g, const Params& phi, const InnerStep& step,
               double map_dt, Updates updates) {
  const int first = first_moving_layer(mlp, step);
  return [=](const Params& theta, const Tensor& x) {
    Tensor h = x;
    for (int layer = 1; layer < first; ++layer) h = tanh(apply_layer(mlp, theta, layer, h));
    const Residuals rate = [&](const Params& quantity, const Predict& f) {
      if (map_dt <= 0) return rate_of_change(g, quantity, x, f(h));
      return scale(g(quantity, x + map_dt * f(h)) - g(quantity, x), 1 / map_dt);
    };
    const QueryMlp queries = QueryMlp(mlp, theta, first).tailored(rate, phi, step);
    return updates == Updates::constant ? queries.detached_updates()(h) : queries(h);
  };
}

}  // namespace

Setting setting_of(std::string_view name) {
  const auto found = std::ranges::find(setting_names, name);
  if (found == setting_names.end())
    throw base::UsageError(base::unknown_name("setting", name, setting_names));
  return static_cast<Setting>(found - setting_names.begin());
}

std::string_view to_string(Setting setting) {
  return setting_names.at(static_cast<std::size_t>(setting));
}

Field tailored_field(const Mlp& mlp, const Quantity& g, const Params& phi, const InnerStep& step,
                     double map_dt) {
  return tailored(mlp, g, phi, step, map_dt, Updates::differentiated);
}

Field first_order_tailored_field(const Mlp& mlp, const Quantity& g, const Params& phi,
                                 const InnerStep& step, double map_dt) {
  return tailored(mlp, g, phi, step, map_dt, Updates::constant);
}

Params transductive_weights(const Mlp& mlp, const Quantity& g, const Params& phi,
                            const InnerStep& step, const Params& theta, const Tensor& x) {
  const double weight = 1 / std::sqrt(static_cast<double>(x.shape()[0]));
  return tailor(
      [&](const Params& at) { return scale(rate_of_change(g, phi, x, mlp(at, x)), weight); }, theta,
      step);
}

Field projected_field(const Field& field, const Quantity& g, const Params& phi,
                      const Tensor& strength, double epsilon) {
  return [=](const Params& theta, const Tensor& x) {
    const Tensor f = field(theta, x);
    const Tensor n = grad([&](const Tensor& at) { return sum(g(phi, at)); }, x);
    const Tensor share = row_dot(n, f) / (row_dot(n, n) + epsilon);
    return f - scale_rows(n, strength * share);
  };
}

}  // namespace noether::learn
