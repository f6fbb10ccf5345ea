#include "learn/models/flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "base/error.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {
namespace {

constexpr std::string_view name = "cnf";

Tensor with_time(const Tensor& z, double t) {
  return concat(Tensors{z, Tensor::full({z.shape()[0], 1}, t, z.dtype())}, 1);
}

Tensor slope_of_tanh(const Tensor& tanh_of_x) { return shift(neg(square(tanh_of_x)), 1); }

ModelPtr restored(const Configuration& configuration) {
  const auto& widths = value_of<std::vector<std::int64_t>>(configuration, "widths");
  const bool is_flow =
      widths.size() == 4 && std::ranges::min(widths) > 0 && widths.front() == widths.back() + 1;
  if (!is_flow) {
    throw base::DataError(fmt::format(
        "its widths are {}: a flow has two hidden layers, and takes one value more than it gives",
        fmt::join(widths, "-")));
  }
  return std::make_shared<Flow>(ModelOptions{widths.back(), {widths[1], widths[2]}});
}

}  // namespace

Flow::Flow(const ModelOptions& options) {
  const auto& hidden = options.hidden;
  if (hidden.size() != 2 || std::ranges::min(hidden) < 1)
    throw base::UsageError("a flow needs two hidden layers, each of positive width");
  const std::int64_t d = options.dimension;
  mlp_ = {.widths = {d + 1, hidden[0], hidden[1], d}, .output_bias = true};
}

std::string_view Flow::kind() const { return name; }

Configuration Flow::configuration() const { return {{"widths", mlp_.widths}}; }

std::string Flow::text() const { return fmt::format("{} {}", name, fmt::join(mlp_.widths, "-")); }

Params Flow::init(std::uint64_t seed, DType dtype) const {
  return init(FirstLayer::sharp, seed, dtype);
}

Params Flow::init(FirstLayer first, std::uint64_t seed, DType dtype) const {
  Params weights = initial_weights(mlp_, seed, dtype);
  if (first == FirstLayer::sharp) {
    // columns of W1 have length 1, biases lie within 1 / sqrt(inputs)
    constexpr double size = 5;
    const auto width = static_cast<double>(mlp_.widths[1]),
               inputs = static_cast<double>(mlp_.widths[0]);
    weights = weights.with("W1", scale(weights["W1"], size * std::sqrt(width)))
                  .with("b1", scale(weights["b1"], size * std::sqrt(inputs)));
  }
  weights.add("mean", Tensor::full({1, dimension()}, 0, dtype));
  weights.add("spread", Tensor::full({1, dimension()}, 1, dtype));
  return weights;
}

Dynamics Flow::field() const {
  return [mlp = mlp_](const Params& params, double t, const Tensors& state) {
    return Tensors{mlp(params, with_time(state.at(0), t))};
  };
}

Dynamics Flow::with_log_density() const {
  return [mlp = mlp_](const Params& params, double t, const Tensors& state) {
    const Tensor h1 = tanh(apply_layer(mlp, params, 1, with_time(state.at(0), t)));
    const Tensor h2 = tanh(apply_layer(mlp, params, 2, h1));
    // with D the slopes of tanh and V the part of W1 that sees z:
    //   tr(W3 D2 W2 D1 V) = sum over k and l of D2_k (W2_kl (V W3)_lk) D1_l
    const Tensor V = slice(params["W1"], 1, 0, mlp.widths.back());
    const Tensor paths = params["W2"] * transpose(matmul(V, params["W3"]));
    const Tensor trace = row_dot(slope_of_tanh(h2), matmul(slope_of_tanh(h1), paths, false, true));
    return Tensors{apply_layer(mlp, params, 3, h2), neg(trace)};
  };
}

Tensor Flow::log_density_of_z(const Params& params, const Tensor& z,
                              const OdeSolver& solver) const {
  const Tensor none = Tensor::full({z.shape()[0], 1}, 0, z.dtype());
  const Tensors start = solve_to(with_log_density(), params, {z, none}, 1, 0, solver);
  const double at_zero =
      -0.5 * static_cast<double>(dimension()) * std::log(2 * std::numbers::pi * base_variance);
  const Tensor of_base =
      shift(scale(sum(square(start[0]), 1, true), -0.5 / base_variance), at_zero);
  return of_base - start[1];
}

Tensor Flow::log_density(const Params& params, const Tensor& x, const OdeSolver& solver) const {
  const Tensor z = (x - params["mean"]) / params["spread"];
  return log_density_of_z(params, z, solver) - sum(log(params["spread"]), 1, true);
}

Tensors Flow::carried(const Params& params, const Tensor& z, std::span<const double> times,
                      const OdeSolver& solver) const {
  Tensors all;
  for (const Tensors& state : solve(field(), params, {z}, times, solver))
    all.push_back(params["mean"] + params["spread"] * state[0]);
  return all;
}

ModelKind flow_kind() {
  return {.name = name,
          .row = name,
          .description = "continuous normalising flow (Chen et al. 2018): the density of points",
          .predicts = Predicts::densities,
          .make = nullptr,
          .restore = restored};
}

}  // namespace noether::learn
