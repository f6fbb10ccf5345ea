#include "bench/flow/plane_flow.h"

#include <cmath>
#include <numbers>

#include "learn/autodiff/ops.h"

namespace noether::bench {

using learn::Params;
using learn::Tensor;
using learn::Tensors;

namespace {

Tensor with_time(const Tensor& z, double t) {
  return concat(Tensors{z, Tensor::full({z.shape()[0], 1}, t, z.dtype())}, 1);
}

Tensor slope_of_tanh(const Tensor& tanh_of_x) { return shift(neg(square(tanh_of_x)), 1); }

}  // namespace

learn::Dynamics PlaneFlow::field() const {
  return [mlp = mlp](const Params& params, double t, const Tensors& state) {
    return Tensors{mlp(params, with_time(state.at(0), t))};
  };
}

learn::Dynamics PlaneFlow::with_log_density() const {
  return [mlp = mlp](const Params& params, double t, const Tensors& state) {
    const Tensor h1 = tanh(apply_layer(mlp, params, 1, with_time(state.at(0), t)));
    const Tensor h2 = tanh(apply_layer(mlp, params, 2, h1));
    // with D the slopes of tanh and V the part of W1 that sees z:
    //   tr(W3 D2 W2 D1 V) = sum over k and l of D2_k (W2_kl (V W3)_lk) D1_l
    const Tensor V = slice(params["W1"], 1, 0, 2);
    const Tensor paths = params["W2"] * transpose(matmul(V, params["W3"]));
    const Tensor trace = row_dot(slope_of_tanh(h2), matmul(slope_of_tanh(h1), paths, false, true));
    return Tensors{apply_layer(mlp, params, 3, h2), neg(trace)};
  };
}

Params initial_weights(const PlaneFlow& flow, FirstLayer first, std::uint64_t seed,
                       learn::DType dtype) {
  const Params plain = initial_weights(flow.mlp, seed, dtype);
  if (first == FirstLayer::plain) return plain;
  // columns of W1 have length 1, biases lie within 1 / sqrt(inputs)
  constexpr double size = 5;
  const double width = static_cast<double>(flow.mlp.widths.at(1)), inputs = 3;
  return plain.with("W1", scale(plain["W1"], size * std::sqrt(width)))
      .with("b1", scale(plain["b1"], size * std::sqrt(inputs)));
}

Tensor log_density(const PlaneFlow& flow, const Params& params, const Tensor& points,
                   const learn::OdeSolver& solver) {
  const Tensor none = Tensor::full({points.shape()[0], 1}, 0, points.dtype());
  const Tensors start = solve_to(flow.with_log_density(), params, {points, none}, 1, 0, solver);
  const Tensor of_base = shift(scale(sum(square(start[0]), 1, true), -0.5 / base_variance),
                               -std::log(2 * std::numbers::pi * base_variance));
  return of_base - start[1];
}

Tensors carried(const PlaneFlow& flow, const Params& params, const Tensor& points,
                std::span<const double> times, const learn::OdeSolver& solver) {
  Tensors all;
  for (const Tensors& z : solve(flow.field(), params, {points}, times, solver)) all.push_back(z[0]);
  return all;
}

}  // namespace noether::bench
